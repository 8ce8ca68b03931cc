//! The server's one door: a command is run again, on the server's own document, with the phone's actor, number,
//! time and base, and so makes the same change; or it is refused with a reason. No byte of history on the server
//! was written by anything but this code.

use uuid::Uuid;

use crate::access::Person;
use crate::command::{Act, Command};
use crate::document::{self, Change, Document};
use crate::problem::{ProblemKind, Refusal};
use crate::sync::message::{Envelope, HEADS_MAX};

/// What running a command came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The same change as on the phone, or a change for a program that keeps no documents.
    Accepted(Change),
    /// A change that differs from the phone's: the document had moved on, or the app is older.
    Replaced(Change),
    /// The document is to be erased, with its history.
    Erased(Change),
}

impl Outcome {
    /// The change that was made.
    #[must_use]
    pub const fn change(&self) -> &Change {
        match self {
            Self::Accepted(change) | Self::Replaced(change) | Self::Erased(change) => change,
        }
    }
}

/// Runs a command from outside on the document as the server has it. `existed` says whether the document is more than
/// its skeleton. On an error the document is unchanged.
pub fn replay(
    document: &mut Document,
    existed: bool,
    envelope: &Envelope,
    command: &Command,
    person: &Person,
) -> Result<Outcome, Refusal> {
    let act = Act { id: envelope.id, by: person, at: envelope.at };
    // Asked of the document as it is now: what was allowed when the phone was last here may not be any more.
    command.check(document, existed, &act)?;
    let outcome = if let Some(change) = same_change(document, envelope, command, &act)? {
        Outcome::Accepted(change)
    } else {
        // The id of the command is an actor that nobody else uses, so the change can never clash.
        let change = command.run(document, envelope.id.0, &act)?;
        if envelope.expected_hash.is_some_and(|hash| hash != change.hash) {
            Outcome::Replaced(change)
        } else {
            Outcome::Accepted(change)
        }
    };
    Ok(if command.erases() { Outcome::Erased(outcome.change().clone()) } else { outcome })
}

/// Makes the phone's own change, if the server has all it was based on; nothing if it cannot.
fn same_change(
    document: &mut Document,
    envelope: &Envelope,
    command: &Command,
    act: &Act<'_>,
) -> Result<Option<Change>, Refusal> {
    let (Some(base), Some(actor), Some(seq), Some(expected)) =
        (&envelope.base_heads, envelope.actor, envelope.seq, envelope.expected_hash)
    else {
        return Ok(None);
    };
    if base.len() > HEADS_MAX {
        return Err(Refusal::new(ProblemKind::InvalidRequest, format!("at most {HEADS_MAX} base heads")));
    }
    let base = document::sorted(base.clone());
    let current = base == document.heads();
    if !current && !document.holds(&base) {
        return Ok(None);
    }
    // Tried on a copy: a change that comes out different must leave no trace.
    let mut copy = if current { document.clone() } else { document.at(&base)? };
    if copy.next_seq(actor) != seq || actor == Uuid::nil() {
        return Ok(None);
    }
    let Ok(change) = command.run(&mut copy, actor, act) else { return Ok(None) };
    if change.hash != expected {
        return Ok(None);
    }
    if current {
        *document = copy;
    } else if document.extend(&change.bytes).is_err() {
        // The actor has used this number elsewhere: possible only for a phone that was copied or tampered with.
        return Ok(None);
    }
    Ok(Some(change))
}
