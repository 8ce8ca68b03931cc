//! Taalmaatjes: the volunteers of a Taalhuis, with what they offer and their file.

use leptos::prelude::*;
use leptos_router::components::A;
use sync_core::ids::{BranchId, PairingId, UserId, VolunteerId};
use sync_core::taalhuis::PairingState;
use sync_core::taalhuis::needs::vog_is_in_order;
use sync_core::taalhuis::rows::PairingRow;

use super::all_books;
use crate::address::param;
use crate::components::Icon;
use crate::driver::driver;
use crate::help::call_link;
use crate::questions::answer_text;
use crate::search::{Search, SearchBox};
use crate::settings::words;
use crate::volunteers::file::File;
use crate::volunteers::own::OwnPart;

/// A volunteer in the list.
#[derive(Clone, PartialEq)]
struct Line {
    branch: BranchId,
    user: UserId,
    name: String,
    phone: String,
    has_vog: bool,
    free: u16,
    pairings: Vec<(PairingId, String, PairingRow)>,
    is_paused: bool,
}

fn lines() -> Vec<Line> {
    let today = driver().now().local_date();
    let mut all = Vec::new();
    for books in all_books() {
        let offers = books.offers(today);
        for user in books.buddies() {
            let id = VolunteerId::of(books.branch, user);
            let own = books.volunteers.get(&id);
            let offer = offers.iter().find(|offer| offer.volunteer == id);
            let pairings = books
                .pairings
                .iter()
                .filter(|(_, row)| row.user == Some(user))
                .map(|(id, row)| {
                    let name = row.learner.map(|learner| books.name(learner)).unwrap_or_default();
                    (*id, name, row.clone())
                })
                .collect();
            all.push(Line {
                branch: books.branch,
                user,
                name: books.buddy_name(user),
                phone: own.map(|own| own.answers.get("phone").to_owned()).unwrap_or_default(),
                has_vog: vog_is_in_order(&books.house, books.volunteer_files.get(&id), today),
                free: offer.map_or(0, |offer| offer.minutes_free),
                pairings,
                is_paused: offer.and_then(|offer| offer.paused_until).is_some_and(|until| until >= today),
            });
        }
    }
    all.sort_by(|one, other| one.name.cmp(&other.name));
    all
}

/// The screen.
#[component]
pub fn BuddiesScreen() -> impl IntoView {
    let typed = RwSignal::new(String::new());
    let lines = Memo::new(|_| lines());
    let chosen = Memo::new(move |_| {
        let user = param::<UserId>("user")?;
        lines.get().into_iter().find(|line| line.user == user)
    });
    let found = Memo::new(move |_| {
        let search = Search::of(&typed.get());
        lines
            .get()
            .into_iter()
            .filter(|line| search.finds(|| format!("{} {}", line.name, line.phone)))
            .collect::<Vec<_>>()
    });
    view! {
        <div class="two" class:chosen=move || chosen.get().is_some()>
            <div class="pane list-pane">
                <h1>{move || words().place_buddies()}</h1>
                <SearchBox typed label=words::Words::search_buddies />
                <p class="soft" role="status">{move || words().buddies_found(found.with(Vec::len))}</p>
                <ul class="rows">
                    <For each=move || found.get() key=|line| (line.user, line.name.clone(), line.has_vog, line.free, line.is_paused) let:line>
                        <li>
                            <A href=format!("/taalmaatjes/{}", line.user) attr:class="item link">
                                <span class="grow"><b>{line.name.clone()}</b><span class="soft">{room_text(&line)}</span></span>
                                {(!line.has_vog).then(|| view! { <span class="stamp attention">{words().no_vog()}</span> })}
                            </A>
                        </li>
                    </For>
                </ul>
            </div>
            <div class="pane detail-pane">
                {move || match chosen.get() {
                    Some(line) => view! { <Detail line /> }.into_any(),
                    None => view! { <p class="soft">{words().choose_buddy()}</p> }.into_any(),
                }}
            </div>
        </div>
    }
}

fn room_text(line: &Line) -> String {
    let under_way = line.pairings.iter().filter(|(_, _, row)| row.state() != PairingState::Ended).count();
    if line.is_paused {
        words().buddy_paused().to_owned()
    } else if line.free >= 60 {
        words().buddy_free(under_way)
    } else {
        words().buddy_full(under_way)
    }
}

#[component]
fn Detail(line: Line) -> impl IntoView {
    let (branch, user) = (line.branch, line.user);
    let pairings = line
        .pairings
        .clone()
        .into_iter()
        .map(|(id, name, row)| {
            view! {
                <li>
                    <A href=format!("/koppelingen/{id}") attr:class="item link">
                        <span class="grow"><b>{name}</b></span>
                        <span class="stamp" class:attention=!row.state().meets()>{answer_text("pairing", row.state().as_str())}</span>
                    </A>
                </li>
            }
        })
        .collect_view();
    view! {
        <A href="/taalmaatjes" attr:class="back narrow">{words().back()}</A>
        <h2>{line.name.clone()}</h2>
        {(!line.phone.is_empty())
            .then(|| {
                view! {
                    <p class="row">
                        <a class="button" href=call_link(&line.phone) rel="external"><Icon name="phone" />{line.phone.clone()}</a>
                    </p>
                }
            })}
        <h3>{words().pairings_title()}</h3>
        <ul class="rows">{pairings}</ul>
        <File branch user />
        <details class="change">
            <summary>{words().own_part_of()}</summary>
            <OwnPart branch user />
        </details>
    }
}
