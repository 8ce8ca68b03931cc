//! What is not sent yet, and what was refused: open, try again, drop with undo, save as a file.

use std::collections::BTreeSet;

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;
use sync_core::command::Command;
use sync_core::deliveries;
use sync_core::ids::CommandId;
use sync_core::replica::outbox_file::OutboxFile;
use sync_core::replica::{CommandState, Reach, StoredCommand};
use sync_core::summary::Summary;

use crate::browser::files;
use crate::components::{Icon, notices};
use crate::driver::driver;
use crate::session::problem_text;
use crate::settings::words;
use crate::when;

/// An act in words: what, and about whom.
pub(crate) fn act_text(kind: &str) -> String {
    words().by_key(&format!("act-{}", kind.replace('_', "-"))).unwrap_or(kind).to_owned()
}

/// Whom or what an act is about, as far as this device knows.
fn about(command: &StoredCommand) -> String {
    let id = command.envelope.document;
    let stop = match Command::read(&command.envelope.kind, &command.envelope.body) {
        Ok(Command::Deliveries(deliveries::Command::LogDelivery(log))) => Some(log.stop),
        Ok(Command::Deliveries(deliveries::Command::WithdrawDeliveryLog(log))) => Some(log.stop),
        _ => None,
    };
    driver().peek(|replica| {
        let Some(row) = replica.row(id).cloned() else { return String::new() };
        match row {
            Summary::Reader(reader) => reader.name,
            Summary::Round(round) => {
                let reader = round
                    .stops
                    .iter()
                    .find(|row| row.stop == stop && stop.is_some())
                    .and_then(|row| row.reader);
                match reader.and_then(|reader| replica.row(reader.into()).cloned()) {
                    Some(Summary::Reader(reader)) => format!("{}, {}", reader.name, round.name),
                    _ => round.name,
                }
            }
            _ => String::new(),
        }
    })
}

/// Where an act can be looked at and put right.
fn place_of(command: &StoredCommand) -> Option<String> {
    let id = command.envelope.document;
    match driver().peek(|replica| replica.row(id).cloned())? {
        Summary::Round(_) => Some(match Command::read(&command.envelope.kind, &command.envelope.body) {
            Ok(Command::Deliveries(deliveries::Command::LogDelivery(log))) => {
                format!("/ronde/{id}/adres/{}", log.stop)
            }
            _ => format!("/ronde/{id}"),
        }),
        Summary::Reader(_) if cfg!(feature = "office") => Some(format!("/lezers/{id}")),
        _ => None,
    }
}

/// The screen.
#[component]
#[expect(clippy::too_many_lines, reason = "one screen, read top to bottom")]
pub fn OutboxScreen() -> impl IntoView {
    let driver = driver();
    let all = move || driver.read(|replica| replica.commands().into_iter().cloned().collect::<Vec<_>>());
    let pending = move || {
        all().into_iter().filter(|command| command.state == CommandState::Pending).collect::<Vec<_>>()
    };
    let refused = move || {
        let dropping = dropping().get();
        all()
            .into_iter()
            .filter(|command| matches!(command.state, CommandState::Refused { .. }))
            .filter(|command| !dropping.contains(&command.envelope.id))
            .collect::<Vec<_>>()
    };
    view! {
        <h1>{move || words().outbox_title()}</h1>
        <p>
            {move || {
                let status = driver.status.get();
                if driver.offline() {
                    words().outbox_offline().to_owned()
                } else if status.reach == Reach::Busy {
                    words().chip_busy().to_owned()
                } else if let Reach::Rejected(problem) = status.reach {
                    words().outbox_rejected(problem_text(problem))
                } else if status.unsent > 0 {
                    words().outbox_waiting(status.unsent)
                } else if status.saving {
                    words().chip_saving().to_owned()
                } else if status.reach == Reach::Reached && status.refused > 0 {
                    words().outbox_rest_arrived().to_owned()
                } else if status.reach == Reach::Reached {
                    words().chip_arrived().to_owned()
                } else {
                    words().chip_checking().to_owned()
                }
            }}
        </p>
        <div class="row">
            <button class="button" on:click=move |_| driver.sync()>{move || words().try_now()}</button>
            {move || {
                (!pending().is_empty())
                    .then(|| {
                        view! {
                            <button class="button" on:click=move |_| save_file()>
                                <Icon name="install" />
                                {words().save_as_file()}
                            </button>
                        }
                    })
            }}
        </div>
        <section>
            {move || {
                let refused = refused();
                (!refused.is_empty())
                    .then(|| {
                        view! {
                            <h2>{words().refused_title()}</h2>
                            <p>{words().refused_text()}</p>
                            <ul class="rows">
                                {refused.into_iter().map(|command| view! { <Refused command /> }).collect_view()}
                            </ul>
                        }
                    })
            }}
        </section>
        <section>
            <h2>{move || words().pending_title()}</h2>
            {move || {
                let pending = pending();
                if pending.is_empty() {
                    view! { <p class="soft">{words().pending_none()}</p> }.into_any()
                } else {
                    view! {
                        <ul class="rows">
                            {pending
                                .into_iter()
                                .map(|command| {
                                    view! {
                                        <li class="item">
                                            <b>{act_text(&command.envelope.kind)}</b>
                                            <span class="soft">
                                                {about(&command)}" · "
                                                {when::moment(words(), command.envelope.at, driver.now())}
                                            </span>
                                            <span class="tick"><Icon name="tick" />{words().on_phone()}</span>
                                            {place_of(&command)
                                                .map(|place| {
                                                    view! { <A href=place attr:class="button small">{words().open()}</A> }
                                                })}
                                        </li>
                                    }
                                })
                                .collect_view()}
                        </ul>
                    }
                        .into_any()
                }
            }}
        </section>
    }
}

/// Saves what is not sent as a file, for a coordinator to hand in.
pub(crate) fn save_file() {
    let driver = driver();
    let now = driver.now();
    spawn_local(async move {
        // What a lock is on is for the organisation alone; what the first version kept is readable, as it was.
        let sealed = driver.sealed_outboxes().await.into_iter().map(|file| file.to_bytes());
        let plain =
            if driver.has_pin() { Vec::new() } else { driver.peek(|replica| replica.export_outbox(now)) };
        for bytes in sealed.chain(plain.iter().map(OutboxFile::to_bytes)) {
            let name = format!("noaber-{}.noaber", now.local_date());
            if files::save(&name, "application/octet-stream", &bytes).is_err() {
                notices().wrong(words().save_failed());
            }
        }
    });
}

#[component]
fn Refused(command: StoredCommand) -> impl IntoView {
    let driver = driver();
    let id = command.envelope.id;
    let CommandState::Refused { problem, at, .. } = command.state.clone() else {
        return ().into_any();
    };
    let erases = command.envelope.erases();
    let retry = move |_| {
        spawn_local(async move {
            if erases && !driver.is_proven_here().await {
                return;
            }
            match driver.retry(id).await {
                Ok(()) => notices().say(words().kept()),
                Err(refusal) => notices().wrong(problem_text(refusal.kind)),
            }
        });
    };
    let subject = about(&command);
    let kind = command.envelope.kind.clone();
    let place = place_of(&command);
    // What somebody typed is nowhere else any more.
    let read = Command::read(&command.envelope.kind, &command.envelope.body).ok();
    let typed: Vec<String> = read
        .iter()
        .flat_map(Command::texts)
        .map(|typed| typed.text.to_owned())
        .filter(|text| !text.is_empty())
        .collect();
    view! {
        <li class="item refused">
            <b><Icon name="no" />{move || act_text(&kind)}</b>
            <span>{subject}</span>
            {typed.into_iter().map(|text| view! { <blockquote>{text}</blockquote> }).collect_view()}
            <span class="danger">{move || problem_text(problem)}</span>
            <span class="soft">{move || when::moment(words(), at, driver.now())}</span>
            <div class="row">
                <button class="button" on:click=retry>{move || words().try_again()}</button>
                <button class="button" on:click=move |_| drop_later(id)>{move || words().drop_it()}</button>
                {place.map(|place| view! { <A href=place attr:class="button quiet">{move || words().open()}</A> })}
            </div>
        </li>
    }
    .into_any()
}

thread_local! {
    /// What is being dropped: it goes when the way back was not taken. Of the page, not of the list, which is drawn anew at every sync.
    static DROPPING: ArcRwSignal<BTreeSet<CommandId>> = ArcRwSignal::new(BTreeSet::new());
}

fn dropping() -> ArcRwSignal<BTreeSet<CommandId>> {
    DROPPING.with(ArcRwSignal::clone)
}

/// Hides it at once, and drops it when the way back was not taken.
fn drop_later(id: CommandId) {
    let driver = driver();
    dropping().update(|all| {
        all.insert(id);
    });
    notices().say_with_undo(words().dropped(), move || {
        dropping().update(|all| {
            all.remove(&id);
        });
    });
    set_timeout(
        move || {
            if dropping().get_untracked().contains(&id) {
                driver.forget(id);
                dropping().update(|all| {
                    all.remove(&id);
                });
            }
        },
        std::time::Duration::from_secs(10),
    );
}
