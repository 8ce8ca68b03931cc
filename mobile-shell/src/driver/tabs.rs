//! Several tabs of one browser: one leads and writes, the others pass their acts to it and read what it wrote.

use futures_channel::oneshot;
use leptos::prelude::GetUntracked as _;
use leptos::task::spawn_local;
use serde::{Deserialize, Serialize};
use sync_core::command::Command;
use sync_core::ids::{CommandId, DocumentId};
use sync_core::problem::{ProblemKind, Refusal};
use sync_core::replica::{Input, Reach};
use sync_core::sync::cbor;
use sync_core::sync::packed::Packed;

use super::{Acted, Driver, Stage};

/// What tabs say to each other.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Said {
    /// The leader wrote something: read again.
    Changed,
    /// A tab passes an act to the leader.
    Act {
        /// A fresh id.
        id: CommandId,
        /// On which document.
        document: DocumentId,
        /// Which command.
        kind: String,
        /// What.
        body: Packed,
    },
    /// What became of an act that was passed on: nothing when it is kept, else the slug of a problem and its detail.
    Acted {
        /// Which act.
        id: CommandId,
        /// The problem.
        problem: Option<(String, String)>,
    },
    /// A tab asks the leader to exchange.
    Sync,
    /// Whether the leader reached the server at its last try.
    Reached(bool),
    /// A tab passes on that a person tries a refused act again, as this new one.
    Retry {
        /// The refused act.
        refused: CommandId,
        /// A fresh id.
        id: CommandId,
    },
    /// A person dealt with a refused act in another tab.
    Forget(CommandId),
    /// Somebody signed in or out in another tab.
    Session,
}

impl Said {
    /// As bytes.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        cbor::to_vec(self)
    }

    /// From bytes; nothing from a tab that runs another version.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        cbor::from_slice(bytes).ok()
    }
}

/// An act that somebody waits for.
pub(super) struct Waiting {
    /// Who waits.
    pub(super) answer: oneshot::Sender<Acted>,
    /// What was asked of the leader: done here when it went before it answered.
    pub(super) asked: Option<Said>,
}

impl Driver {
    /// The leader went, and this tab leads now. What it was asked to do and did not answer is done here; an act that it
    /// kept without saying so is in the store, and counts.
    pub(super) fn take_over(self) {
        let asked: Vec<(CommandId, Option<Said>)> = self.with(|inner| {
            inner.waiting.iter_mut().map(|(id, waiting)| (*id, waiting.asked.take())).collect()
        });
        for (id, asked) in asked {
            if self.peek(|replica| replica.commands().iter().any(|command| command.envelope.id == id)) {
                self.answer(id, Ok(()));
                continue;
            }
            match asked {
                Some(Said::Act { document, kind, body, .. }) => match Command::read(&kind, &body) {
                    Ok(command) => self.handle(Input::Act { id, document, command: Box::new(command) }),
                    Err(refusal) => self.answer(id, Err(refusal)),
                },
                Some(Said::Retry { refused, id }) => self.handle(Input::Retry { refused, id }),
                _ => {}
            }
        }
    }

    pub(super) fn say(self, said: &Said) {
        self.with(|inner| {
            if let Some(channel) = &inner.channel {
                channel.say(&said.to_bytes());
            }
        });
    }

    pub(super) fn heard(self, bytes: &[u8]) {
        let Some(said) = Said::from_bytes(bytes) else { return };
        let leading = self.with(|inner| inner.leading);
        if let Some(store) = self.with(|inner| inner.store.clone()) {
            // Another tab works: what was read ahead may be old.
            store.forget_ahead();
        }
        match said {
            Said::Changed if !leading && self.stage.get_untracked() == Stage::Ready => {
                spawn_local(self.reload());
            }
            Said::Reached(reached) if !leading => {
                let reach = if reached { Reach::Reached } else { Reach::Unreachable };
                self.with(|inner| inner.led_to = reach);
                self.changed();
            }
            Said::Session => spawn_local(self.session_changed()),
            Said::Act { id, document, kind, body } if leading => match Command::read(&kind, &body) {
                Ok(command) => {
                    self.with(|inner| inner.passed_on.insert(id));
                    self.handle(Input::Act { id, document, command: Box::new(command) });
                }
                Err(refusal) => {
                    self.say(&Said::Acted {
                        id,
                        problem: Some((refusal.kind.slug().to_owned(), refusal.detail)),
                    });
                }
            },
            Said::Acted { id, problem } => {
                let acted = match problem {
                    None => Ok(()),
                    Some((slug, detail)) => {
                        let kind = ProblemKind::from_slug(&slug).unwrap_or(ProblemKind::InternalError);
                        Err(Refusal::new(kind, detail))
                    }
                };
                if let Some(waiting) = self.with(|inner| inner.waiting.remove(&id)) {
                    let _ = waiting.answer.send(acted);
                }
            }
            Said::Sync if leading => {
                // A tab that was just opened knows nothing yet.
                let reach = self.status.get_untracked().reach;
                if reach != Reach::Unknown {
                    self.say(&Said::Reached(reach == Reach::Reached));
                }
                self.handle(Input::Sync);
            }
            Said::Retry { refused, id } if leading => {
                self.with(|inner| inner.passed_on.insert(id));
                self.handle(Input::Retry { refused, id });
            }
            Said::Forget(id) if leading => self.handle(Input::Forget(id)),
            _ => {}
        }
    }
}
