//! Forms that end in one command.

use leptos::prelude::*;
use leptos::task::spawn_local;
use sync_core::command::Command;
use sync_core::ids::DocumentId;

use crate::components::{Fields, notices};
use crate::driver::driver;
use crate::questions::answer_text;
use crate::session::problem_text;
use crate::settings::words;

/// Sends a command, after which the form is as it began; a refusal stands at the form.
pub(crate) fn send(fields: Fields, document: DocumentId, command: impl Into<Command>, at: &'static str) {
    let command = command.into();
    spawn_local(async move {
        match driver().act(document, command).await {
            Ok(()) => {
                fields.begin_anew();
                notices().say(words().kept());
            }
            Err(refusal) => fields.fail(at, problem_text(refusal.kind)),
        }
    });
}

/// The list of a few words as options of a choice.
pub(crate) fn choices(list: &'static str, words: &'static [&'static str]) -> Signal<Vec<(String, String)>> {
    Signal::derive(move || {
        words.iter().map(|word| ((*word).to_owned(), answer_text(list, word).to_owned())).collect::<Vec<_>>()
    })
}

/// The same, where somebody has to choose: nothing is chosen beforehand.
pub(crate) fn none_or_choices(
    list: &'static str,
    all: &'static [&'static str],
) -> Signal<Vec<(String, String)>> {
    let options = choices(list, all);
    Signal::derive(move || {
        let mut all = vec![(String::new(), words().choose_one().to_owned())];
        all.extend(options.get());
        all
    })
}
