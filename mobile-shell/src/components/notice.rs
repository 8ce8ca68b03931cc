//! What just happened, with the way back: shown for ten seconds, above the places.

use std::cell::Cell;
use std::sync::Arc;
use std::time::Duration;

use leptos::prelude::*;

use crate::settings::words;

/// How long the way back is offered.
const SHOWN: Duration = Duration::from_secs(10);

/// The way back. Not a `Callback`: that one is gone with the screen on which it was made, and a notice stays.
type Undo = Arc<dyn Fn() + Send + Sync>;

#[derive(Clone)]
struct Notice {
    text: String,
    undo: Option<Undo>,
    /// Whether it says that something went wrong.
    wrong: bool,
}

/// Where notices are told.
#[derive(Clone, Copy)]
pub(crate) struct Notices(RwSignal<Option<Notice>>);

impl Notices {
    /// Makes the place for notices.
    pub(crate) fn provide() -> Self {
        let notices = Self(RwSignal::new(None));
        NOTICES.set(Some(notices));
        let notice = notices.0;
        Effect::new(move |before: Option<Option<TimeoutHandle>>| {
            if let Some(Some(timer)) = before {
                timer.clear();
            }
            let wrong = notice.with(|notice| notice.as_ref().map(|notice| notice.wrong));
            // What went wrong stays until the next thing happens: nobody should miss it.
            (wrong == Some(false))
                .then(|| set_timeout_with_handle(move || notice.set(None), SHOWN).ok())
                .flatten()
        });
        notices
    }

    /// Says that something happened.
    pub(crate) fn say(self, text: impl Into<String>) {
        self.0.set(Some(Notice { text: text.into(), undo: None, wrong: false }));
    }

    /// Says that something happened, and offers the way back.
    pub(crate) fn say_with_undo(self, text: impl Into<String>, undo: impl Fn() + Send + Sync + 'static) {
        self.0.set(Some(Notice { text: text.into(), undo: Some(Arc::new(undo)), wrong: false }));
    }

    /// Says that something went wrong.
    pub(crate) fn wrong(self, text: impl Into<String>) {
        self.0.set(Some(Notice { text: text.into(), undo: None, wrong: true }));
    }
}

thread_local! {
    /// The one place of this page. Leptos's context is gone after an await.
    static NOTICES: Cell<Option<Notices>> = const { Cell::new(None) };
}

/// The notices of this page.
pub(crate) fn notices() -> Notices {
    NOTICES.get().unwrap_or_else(Notices::provide)
}

/// The bar itself.
#[component]
pub fn UndoBar() -> impl IntoView {
    let notice = notices().0;
    view! {
        <div class="notices" role="status" aria-live="polite">
            {move || {
                notice
                    .get()
                    .map(|shown| {
                        let undo = shown.undo;
                        let closes = undo.is_none();
                        view! {
                            <div class="bar" class:wrong=shown.wrong>
                                <span>{shown.text}</span>
                                {undo
                                    .map(|undo| {
                                        view! {
                                            <button
                                                class="button bare"
                                                on:click=move |_| {
                                                    notice.set(None);
                                                    undo();
                                                }
                                            >
                                                {words().undo()}
                                            </button>
                                        }
                                    })}
                                {closes
                                    .then(|| {
                                        view! {
                                            <button class="button bare" on:click=move |_| notice.set(None)>
                                                {words().close()}
                                            </button>
                                        }
                                    })}
                            </div>
                        }
                    })
            }}
        </div>
    }
}
