//! Every act a person can do, by slice. Routing only: the slice decides.

use uuid::Uuid;

use crate::access::{self, Person};
use crate::document::{self, Change, Document, DocumentError, DocumentKind, Writer};
use crate::ids::{BranchId, CommandId, DocumentId};
use crate::problem::{ProblemKind, Refusal};
use crate::sync::message::{COMMAND_BODY_MAX, Envelope};
use crate::sync::packed::Packed;
use crate::text::TypedText;
use crate::time::Timestamp;
use crate::{deliveries, organisation, taalhuis, volunteers};

/// Who acts, and when by the clock of the device.
#[derive(Clone, Copy, Debug)]
pub struct Act<'a> {
    /// The idempotency key of the command.
    pub id: CommandId,
    /// Who.
    pub by: &'a Person,
    /// When.
    pub at: Timestamp,
}

/// A list of the commands of one slice: the enum, the words on the wire and how a body is read.
macro_rules! commands {
    ($($(#[$doc:meta])* $variant:ident = $name:literal),+ $(,)?) => {
        /// The commands of this slice.
        #[derive(Clone, Debug, PartialEq)]
        pub enum Command { $($(#[$doc])* $variant($variant)),+ }

        impl Command {
            /// The words of all commands of this slice.
            pub const KINDS: &'static [&'static str] = &[$($name),+];

            /// The word for it on the wire.
            #[must_use]
            pub const fn kind(&self) -> &'static str {
                match self { $(Self::$variant(_) => $name),+ }
            }

            /// Reads a body; nothing when the word is not of this slice.
            #[must_use]
            pub fn read(kind: &str, body: &$crate::sync::packed::Packed) -> Option<Result<Self, String>> {
                match kind {
                    $($name => Some(body.read().map(Self::$variant)),)+
                    _ => None,
                }
            }

            /// Packs the body for the wire.
            #[must_use]
            pub fn body(&self) -> $crate::sync::packed::Packed {
                match self { $(Self::$variant(body) => $crate::sync::packed::Packed::cbor(body)),+ }
            }
        }

        $(impl From<$variant> for $crate::command::Command {
            fn from(body: $variant) -> Self {
                Command::$variant(body).into()
            }
        })+
    };
}
pub(crate) use commands;

/// The slices: a line each makes the variant, its `From`, and everything that only routes.
macro_rules! slices {
    ($($(#[$doc:meta])* $variant:ident = $slice:ident),+ $(,)?) => {
        /// One act of one person.
        #[derive(Clone, Debug, PartialEq)]
        #[cfg_attr(
            target_pointer_width = "64",
            expect(clippy::large_enum_variant, reason = "never kept in numbers: read, run and dropped one at a time")
        )]
        pub enum Command { $($(#[$doc])* $variant($slice::Command)),+ }

        $(impl From<$slice::Command> for Command {
            fn from(command: $slice::Command) -> Self {
                Self::$variant(command)
            }
        })+

        impl Command {
            /// The words of all commands.
            #[must_use]
            pub fn kinds() -> Vec<&'static str> {
                [$($slice::Command::KINDS),+].concat()
            }

            /// The word for it on the wire.
            #[must_use]
            pub const fn kind(&self) -> &'static str {
                match self { $(Self::$variant(command) => command.kind()),+ }
            }

            /// Packs the body for the wire.
            #[must_use]
            pub fn body(&self) -> Packed {
                match self { $(Self::$variant(command) => command.body()),+ }
            }

            /// The kind of document it is about.
            #[must_use]
            pub const fn document_kind(&self) -> DocumentKind {
                match self { $(Self::$variant(command) => command.document_kind()),+ }
            }

            /// The branch of the document that this command makes; nothing when it needs one that exists.
            #[must_use]
            pub const fn creates_in(&self) -> Option<BranchId> {
                match self { $(Self::$variant(command) => command.creates_in()),+ }
            }

            /// Every text a person typed, for the checks of [`crate::text`].
            #[must_use]
            pub fn texts(&self) -> Vec<TypedText<'_>> {
                match self { $(Self::$variant(command) => command.texts()),+ }
            }

            /// Reads the body of a command of this kind; nothing for a kind that no slice knows.
            fn read_kind(kind: &str, body: &Packed) -> Option<Result<Self, String>> {
                $(if let Some(read) = $slice::Command::read(kind, body) {
                    return Some(read.map(Self::from));
                })+
                None
            }

            /// The rule of the slice.
            fn check_rule(&self, document: &Document, act: &Act<'_>) -> Result<(), Refusal> {
                match self { $(Self::$variant(command) => command.check(document, act)),+ }
            }

            fn write(&self, writer: &mut Writer<'_>, act: &Act<'_>) -> Result<(), DocumentError> {
                match self { $(Self::$variant(command) => command.write(writer, act)),+ }
            }
        }
    };
}

slices! {
    /// About branches and who works there.
    Organisation = organisation,
    /// About home delivery.
    Deliveries = deliveries,
    /// About volunteers.
    Volunteers = volunteers,
    /// About learners and their buddies.
    Taalhuis = taalhuis,
}

impl Command {
    /// Reads a command that came from outside.
    pub fn read(kind: &str, body: &Packed) -> Result<Self, Refusal> {
        if body.size() > COMMAND_BODY_MAX {
            return Err(Refusal::new(
                ProblemKind::CommandTooLarge,
                format!("at most {COMMAND_BODY_MAX} bytes"),
            ));
        }
        Self::read_kind(kind, body)
            .ok_or_else(|| {
                Refusal::new(ProblemKind::UnknownCommand, "this server does not know the command")
            })?
            .map_err(|reason| Refusal::new(ProblemKind::InvalidCommand, reason))
    }

    /// Whether it may also run on a document that exists: where two devices may make the same one apart.
    #[must_use]
    pub const fn may_repeat(&self) -> bool {
        matches!(
            self,
            Self::Organisation(_)
                | Self::Volunteers(_)
                | Self::Taalhuis(
                    taalhuis::Command::ConfigureTaalhuis(_) | taalhuis::Command::DescribeNorm(_)
                )
        )
    }

    /// Whether it erases the document.
    #[must_use]
    pub const fn erases(&self) -> bool {
        matches!(
            self,
            Self::Deliveries(deliveries::Command::EraseReader(_))
                | Self::Taalhuis(taalhuis::Command::EraseLearner(_))
                | Self::Volunteers(volunteers::Command::EraseVolunteer(_))
        )
    }

    /// Whether it may run on this document now: shape, texts, rights and every rule of the slice. `existed` says
    /// whether the document is more than its skeleton.
    pub fn check(&self, document: &Document, existed: bool, act: &Act<'_>) -> Result<(), Refusal> {
        if document.kind() != Some(self.document_kind()) {
            return Err(Refusal::new(ProblemKind::WrongDocument, self.document_kind().as_str()));
        }
        match (self.creates_in(), existed) {
            (None, false) => return Err(Refusal::new(ProblemKind::NotFound, "no such document")),
            (Some(_), true) if !self.may_repeat() => {
                return Err(Refusal::new(ProblemKind::AlreadyExists, "the document exists already"));
            }
            _ => {}
        }
        access::may_run(act.by, self, document)?;
        for text in self.texts() {
            text.check()?;
        }
        self.check_rule(document, act)
    }

    /// Makes the change, with this actor. Ask [`Command::check`] first.
    pub fn run(&self, document: &mut Document, actor: Uuid, act: &Act<'_>) -> Result<Change, Refusal> {
        let made = document::change(document, actor, act.at, |writer| self.write(writer, act))?;
        Ok(made)
    }
}

impl Envelope {
    /// A command of who keeps no documents, such as the server itself: it runs on what stands there when it comes in.
    #[must_use]
    pub fn without_base(id: CommandId, document: DocumentId, command: &Command, at: Timestamp) -> Self {
        Self {
            id,
            document,
            kind: command.kind().to_owned(),
            base_heads: None,
            after: None,
            actor: None,
            seq: None,
            at,
            expected_hash: None,
            body: command.body(),
        }
    }
}
