//! The closed list of everything that can be refused or go wrong, with its address (`/problems/<slug>`).
//! One list for phone and server: the phone translates by slug, the server adds a status.

use serde::{Deserialize, Serialize};

macro_rules! problems {
    ($($(#[$doc:meta])* $variant:ident = $slug:literal $status:literal),+ $(,)?) => {
        /// Why something was refused or failed. Closed: a new reason is a new line here.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum ProblemKind {
            $($(#[$doc])* $variant),+
        }

        impl ProblemKind {
            /// Every kind, in the order of this file.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The last part of `/problems/<slug>`. Never changes: phones translate by it.
            #[must_use]
            pub const fn slug(self) -> &'static str {
                match self { $(Self::$variant => $slug),+ }
            }

            /// The HTTP status when it is the answer to a whole request. A refused *command* is answered
            /// with 200 for the exchange.
            #[must_use]
            pub const fn status(self) -> u16 {
                match self { $(Self::$variant => $status),+ }
            }

            /// The kind with this slug.
            #[must_use]
            pub fn from_slug(slug: &str) -> Option<Self> {
                match slug { $($slug => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

problems! {
    /// The request cannot be read at all.
    MalformedRequest = "malformed-request" 400,
    /// The request reads, but a part of it is not allowed; `detail` says which.
    InvalidRequest = "invalid-request" 422,
    /// No valid access token.
    NotSignedIn = "not-signed-in" 401,
    /// The access token was good once; get a fresh one at `/api/token`.
    TokenExpired = "token-expired" 401,
    /// E-mail address and password do not belong together, or there is no such account.
    WrongCredentials = "wrong-credentials" 401,
    /// The password was right; the code of the second factor is asked as well.
    SecondFactorNeeded = "second-factor-needed" 401,
    /// The code of the second factor is not right, or was used before.
    SecondFactorWrong = "second-factor-wrong" 422,
    /// This library demands a second step beside the password: set one up first.
    SecondStepMissing = "second-step-missing" 403,
    /// This asks for a fresh proof of who you are: `/api/prove`, not longer than five minutes ago.
    ProofNeeded = "proof-needed" 403,
    /// What lies behind a forgotten PIN opens for who was let in by a colleague, or came in with two factors.
    ColleagueNeeded = "colleague-needed" 403,
    /// This account has a passkey: a password alone does not let in beside it.
    PasskeyNeeded = "passkey-needed" 401,
    /// The passkey is not known here, or did not answer what was asked.
    PasskeyWrong = "passkey-wrong" 401,
    /// Too many tries for this account or from this address.
    TooManyTries = "too-many-tries" 429,
    /// This device was signed off by the person or the library.
    DeviceRevoked = "device-revoked" 401,
    /// The code or link was used, is over, or never was.
    InvitationOver = "invitation-over" 401,
    /// Without this there would be no administrator of the library who stays.
    LastAdministrator = "last-administrator" 422,
    /// An account has this e-mail address already.
    AddressInUse = "address-in-use" 422,
    /// A password of fewer than 12 characters, a well-known one, or one made of names of our own.
    PasswordTooWeak = "password-too-weak" 422,
    /// Not an e-mail address.
    InvalidEmail = "invalid-email" 422,
    /// The request comes from another site.
    ForeignOrigin = "foreign-origin" 403,
    /// This person may not do this.
    NotAllowed = "not-allowed" 403,
    /// There is nothing here, or nothing this person may see: the same answer for both.
    NotFound = "not-found" 404,
    /// The address knows other methods.
    MethodNotAllowed = "method-not-allowed" 405,
    /// Over 1 MiB, packed or unpacked.
    BodyTooLarge = "body-too-large" 413,
    /// The file is no spreadsheet that can be read: XLSX without a password, or CSV.
    FileNotReadable = "file-not-readable" 422,
    /// The spreadsheet has more rows than are taken at once.
    FileTooLong = "file-too-long" 422,
    /// Something changed since the check of this import: check it once more.
    ImportChanged = "import-changed" 409,
    /// Not CBOR and not JSON.
    UnsupportedMediaType = "unsupported-media-type" 415,
    /// Over 500 commands in one request.
    TooManyCommands = "too-many-commands" 413,
    /// Over 60 requests a minute by one device.
    TooManyRequests = "too-many-requests" 429,
    /// The database does not answer; nothing was accepted.
    StorageUnavailable = "storage-unavailable" 503,
    /// A failure of ours; the log has it under the instance number.
    InternalError = "internal-error" 500,

    /// A command this server does not know: the app is newer.
    UnknownCommand = "unknown-command" 422,
    /// The body of the command does not have the right shape.
    InvalidCommand = "invalid-command" 422,
    /// The body of the command is over 16 KiB.
    CommandTooLarge = "command-too-large" 422,
    /// The document was erased.
    DocumentGone = "document-gone" 422,
    /// A document with this id exists already.
    AlreadyExists = "already-exists" 422,
    /// The command is meant for another kind of document.
    WrongDocument = "wrong-document" 422,
    /// The document has reached its size.
    DocumentFull = "document-full" 422,
    /// This person is not on this round.
    NotYourRound = "not-your-round" 403,
    /// The round was cancelled.
    RoundCancelled = "round-cancelled" 422,
    /// The round has no such stop.
    UnknownStop = "unknown-stop" 422,
    /// The stop was taken off the round.
    StopRemoved = "stop-removed" 422,
    /// The stop stands already on the round.
    StopExists = "stop-exists" 422,
    /// The log that is corrected does not exist on this stop.
    UnknownLog = "unknown-log" 422,
    /// There is already a log with this id.
    LogExists = "log-exists" 422,
    /// This state cannot follow the present one.
    StateNotPossible = "state-not-possible" 422,
    /// A field that must be filled is empty.
    FieldMissing = "field-missing" 422,
    /// A text is longer than allowed.
    TextTooLong = "text-too-long" 422,
    /// A text holds characters that cannot be shown.
    TextNotReadable = "text-not-readable" 422,
    /// A text is not in Unicode NFC.
    TextNotNormalised = "text-not-normalised" 422,
    /// A text holds what looks like a BSN.
    LooksLikeBsn = "looks-like-bsn" 422,
    /// A text holds what looks like a bank account.
    LooksLikeIban = "looks-like-iban" 422,
    /// A text holds what looks like a DigiD code or password.
    LooksLikeDigid = "looks-like-digid" 422,
    /// Not a Dutch postcode: four digits, two letters.
    InvalidPostcode = "invalid-postcode" 422,
    /// Not a telephone number.
    InvalidPhone = "invalid-phone" 422,
    /// A date that cannot be meant.
    DateOutOfRange = "date-out-of-range" 422,
    /// A number that cannot be meant.
    NumberOutOfRange = "number-out-of-range" 422,
    /// An answer that its question does not know.
    InvalidAnswer = "invalid-answer" 422,
    /// The pairing has ended: nothing is added to it any more.
    PairingEnded = "pairing-ended" 422,
    /// The document has no such entry.
    UnknownEntry = "unknown-entry" 422,
    /// The document has an entry with this id already.
    EntryExists = "entry-exists" 422,
    /// A round without an address.
    NoStops = "no-stops" 422,
    /// More addresses than fit one round.
    TooManyStops = "too-many-stops" 422,
    /// A round without a volunteer.
    NoAssignee = "no-assignee" 422,
    /// The document on this phone could not be read; it is fetched again.
    DocumentDamaged = "document-damaged" 422,
    /// The phone could not keep it: storage refused or full.
    NotSaved = "not-saved" 422,
    /// The phone was too long without contact; its data is locked until it has.
    LeaseOver = "lease-over" 422,
}

impl ProblemKind {
    /// Whether a text was refused for a number that must never be kept, not even with what was refused.
    #[must_use]
    pub const fn is_of_a_number_never_kept(self) -> bool {
        matches!(self, Self::LooksLikeBsn | Self::LooksLikeIban | Self::LooksLikeDigid)
    }
}

impl Serialize for ProblemKind {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.slug())
    }
}

impl<'de> Deserialize<'de> for ProblemKind {
    /// A slug of a newer server reads as [`ProblemKind::InternalError`]: an old phone must still keep the act.
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let slug = String::deserialize(deserializer)?;
        Ok(Self::from_slug(&slug).unwrap_or(Self::InternalError))
    }
}

/// A refusal: which problem, and the fields or numbers it is about. Never personal data.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}: {detail}", kind.slug())]
pub struct Refusal {
    /// Which problem.
    pub kind: ProblemKind,
    /// What it is about, in English, for logs and programs; people read the translation of the kind.
    pub detail: String,
}

impl Refusal {
    /// A refusal of this kind about this.
    pub fn new(kind: ProblemKind, detail: impl Into<String>) -> Self {
        Self { kind, detail: detail.into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_slug_finds_its_kind_back() {
        for kind in ProblemKind::ALL {
            assert_eq!(ProblemKind::from_slug(kind.slug()), Some(*kind));
            assert!((400..600).contains(&kind.status()));
        }
    }
}
