//! A round's progress as a shelf: a book for each address.

use leptos::prelude::*;

use super::Icon;

/// How one book stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Book {
    /// Still to do.
    Open,
    /// The one at hand.
    Now,
    /// Done.
    Done,
    /// Tried without success.
    Failed,
}

/// The shelf. What it shows stands in words beside it.
#[component]
pub fn Plank(books: Vec<Book>) -> impl IntoView {
    let books = books
        .into_iter()
        .map(|book| {
            let class = match book {
                Book::Open => "book",
                Book::Now => "book now",
                Book::Done => "book done",
                Book::Failed => "book failed",
            };
            let mark = match book {
                Book::Done => Some("tick"),
                Book::Failed => Some("dash"),
                _ => None,
            };
            view! { <li class=class>{mark.map(|name| view! { <Icon name /> })}</li> }
        })
        .collect_view();
    view! { <ol class="plank" aria-hidden="true">{books}</ol> }
}
