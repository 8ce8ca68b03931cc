//! What is rare and must still lose nothing: messages that arrive late and out of order, a phone put back from its backup, an app that is
//! renewed with unsent work, roles that come and go, an outbox that a colleague hands in, and *Probeer opnieuw*. In lives of their own.

use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use server::auth::entity::membership;
use server::sync::anew;
use server::sync::apply::Batch;
use sync_core::access::{Membership, Person, Role};
use sync_core::replica::{CommandState, Input, Stored};
use sync_core::sync::cbor;
use sync_core::sync::message::{SyncRequest, SyncResponse};

use super::World;
use crate::Outcome;

/// What is still on its way, and what a phone looked like before.
#[derive(Debug, Default)]
pub(super) struct Luggage {
    requests: Vec<(usize, SyncRequest)>,
    answers: Vec<(usize, SyncResponse)>,
    backups: Vec<(usize, Stored)>,
}

impl World {
    /// Something rare happens to somebody.
    pub(super) async fn hardship(&mut self, index: usize) -> Outcome {
        match self.below(9) {
            0 => self.sends_into_the_dark(index).await?,
            1 => self.hears_late().await?,
            2 => self.is_backed_up(index),
            3 => self.is_put_back().await?,
            4 => self.is_renewed(index)?,
            5 => self.changes_role(index).await?,
            6 => self.is_handed_in(index).await?,
            7 => self.tries_again(index),
            _ => self.night_passes(index).await?,
        }
        Ok(())
    }

    /// A request goes out and nothing comes back in time: it, or its answer, arrives some other day.
    async fn sends_into_the_dark(&mut self, index: usize) -> Outcome {
        let now = self.now;
        let Some(request) = self.phones[index].asks(now) else { return Ok(()) };
        let name = self.phones[index].name.clone();
        if self.below(2) == 0 {
            self.tell(format!("{name}: a request goes astray"));
            self.luggage.requests.push((index, request));
        } else {
            let response = self.answers(index, request).await?;
            self.tell(format!("{name}: an answer goes astray"));
            self.luggage.answers.push((index, response));
        }
        self.phones[index].hears_nothing(now);
        Ok(())
    }

    /// What went astray arrives: a request at the server, an answer at a phone that asked anew since.
    async fn hears_late(&mut self) -> Outcome {
        let now = self.now;
        if let Some((index, request)) = self.luggage.requests.pop() {
            self.tell(format!("{}: a request of long ago arrives", self.phones[index].name));
            // Its answer goes to nobody.
            self.answers(index, request).await?;
        }
        if let Some((index, response)) = self.luggage.answers.pop() {
            self.tell(format!("{}: an answer of long ago arrives", self.phones[index].name));
            self.phones[index].hears(response, now);
        }
        Ok(())
    }

    fn is_backed_up(&mut self, index: usize) {
        self.tell(format!("{}: the phone is backed up", self.phones[index].name));
        let disk = self.phones[index].disk.clone();
        self.luggage.backups.push((index, disk));
    }

    /// A phone is put back as it was: what was kept since and did not arrive went with it, and nothing else.
    async fn is_put_back(&mut self) -> Outcome {
        let Some((index, disk)) = self.luggage.backups.pop() else { return Ok(()) };
        self.tell(format!("{}: the phone is put back", self.phones[index].name));
        let held: Vec<_> = disk.commands.iter().map(|command| command.envelope.id).collect();
        let gone: Vec<_> = self.phones[index].kept.iter().copied().filter(|id| !held.contains(id)).collect();
        let now = self.now;
        let phone = &mut self.phones[index];
        phone.forgotten.extend(gone);
        phone.disk = disk;
        phone.restart(now);
        // Its rights are those of now: the app asks for them when it starts.
        self.signs_in(index);
        self.exchanges(index).await.map(drop)
    }

    pub(super) fn signs_in(&mut self, index: usize) {
        let now = self.now;
        let phone = &mut self.phones[index];
        let (device, person, name) = (phone.device, phone.person.clone(), phone.name.clone());
        phone.handle(Input::SignedIn { device, person, name }, now);
    }

    /// The app is renewed while work waits: everything on the disk is read by the next version as bytes.
    fn is_renewed(&mut self, index: usize) -> Outcome {
        self.tell(format!("{}: the app is renewed", self.phones[index].name));
        let now = self.now;
        let phone = &mut self.phones[index];
        let stored = Stored {
            documents: renewed(&phone.disk.documents)?,
            commands: renewed(&phone.disk.commands)?,
            meta: cbor::from_slice(&cbor::to_vec(&phone.disk.meta))?,
        };
        phone.disk = stored;
        phone.restart(now);
        Ok(())
    }

    /// A volunteer loses the role, or gets it back. The app hears of it at its next contact.
    async fn changes_role(&mut self, index: usize) -> Outcome {
        if !Self::is_volunteer(index) {
            return Ok(());
        }
        let branch = self.branches[index % 2];
        // Only where there is a Taalhuis: the lives without one stay what they were.
        let role = if self.flavour.teaches && self.below(2) == 0 { Role::Buddy } else { Role::Deliverer };
        let own = Membership { branch, role };
        let organisation = self.organisation_of(index);
        let Person { user, mut memberships } = self.phones[index].person.clone();
        let has = memberships.contains(&own);
        let turns = if has { "ends" } else { "is given" };
        self.tell(format!("{}: the role {} {turns}", self.phones[index].name, role.as_str()));
        if has {
            membership::Entity::delete_many()
                .filter(membership::Column::UserId.eq(user.0))
                .filter(membership::Column::Role.eq(role.as_str()))
                .exec(&self.state.db.write)
                .await?;
            memberships.retain(|other| *other != own);
        } else {
            membership::Entity::insert(membership::ActiveModel {
                organisation_id: Set(organisation.0),
                user_id: Set(user.0),
                branch_id: Set(branch.0),
                role: Set(role.as_str().to_owned()),
                ..Default::default()
            })
            // A server that was put back may have it still.
            .on_conflict_do_nothing()
            .exec_without_returning(&self.state.db.write)
            .await?;
            memberships.push(own);
        }
        self.phones[index].person = Person { user, memberships };
        self.signs_in(index);
        self.exchanges(index).await.map(drop)
    }

    /// What waits on a phone is handed in as a file: the phone may still send it itself.
    async fn is_handed_in(&mut self, index: usize) -> Outcome {
        let waiting = self.phones[index].commands();
        let commands: Vec<_> = waiting
            .into_iter()
            .filter(|command| command.state == CommandState::Pending)
            .map(|command| command.envelope.clone())
            .collect();
        self.tell(format!("{}: {} acts are handed in", self.phones[index].name, commands.len()));
        if commands.is_empty() {
            return Ok(());
        }
        let batch = Batch {
            organisation: self.organisation_of(index),
            person: self.phones[index].person.clone(),
            device: self.phones[index].device,
            commands,
            received_at: self.now,
        };
        let applied = self.state.writer.apply(batch).await;
        applied.map(drop).map_err(|problem| format!("{problem:?}").into())
    }

    /// The server's nightly work: documents that told of somebody who was erased are written anew, without their history.
    pub(super) async fn night_passes(&mut self, index: usize) -> Outcome {
        let organisation = self.organisation_of(index);
        let written = anew::write_due(&self.state.db, organisation, self.now).await;
        let written = written.map_err(|problem| format!("{problem:?}"))?;
        self.tell(format!("{written} documents are written anew"));
        self.sees_what_was_written_anew().await
    }

    /// *Probeer opnieuw*: the act is done once more, under an id of its own.
    fn tries_again(&mut self, index: usize) {
        let now = self.now;
        let refused = self.phones[index]
            .commands()
            .iter()
            .find(|command| matches!(command.state, CommandState::Refused { .. }))
            .map(|command| command.envelope.id);
        let Some(refused) = refused else { return };
        let phone = &mut self.phones[index];
        let id = phone.fresh(now);
        phone.handle(Input::Retry { refused, id }, now);
        if phone.kept.contains(&id) {
            // The new act stands in the place of the old one.
            phone.forgotten.push(refused);
        }
        let name = phone.name.clone();
        self.tell(format!("{name}: tries again"));
    }
}

/// The rows of a store as the next version of the app reads them.
fn renewed<T: serde::Serialize + serde::de::DeserializeOwned>(rows: &[T]) -> Outcome<Vec<T>> {
    rows.iter().map(|row| Ok(cbor::from_slice(&cbor::to_vec(row))?)).collect()
}
