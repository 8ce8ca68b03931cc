//! The fixed lists of volunteers (domain 3.9).

use crate::list::words;

words! {
    /// How the VOG (verklaring omtrent het gedrag) of a volunteer stands (domain 3.9). No copy of it is kept: only that it was seen.
    VogState {
        /// Nobody looked into it yet.
        Unknown = "unknown",
        /// The work does not ask for one.
        NotNeeded = "not_needed",
        /// It must be asked for.
        Needed = "needed",
        /// The organisation put it ready.
        Prepared = "prepared",
        /// The volunteer handed it in.
        Submitted = "submitted",
        /// Justis decides.
        InProgress = "in_progress",
        /// It was given, and nobody here saw it yet.
        Issued = "issued",
        /// The original was seen.
        Seen = "seen",
        /// It was refused, or not obtained.
        Refused = "refused",
        /// Taken back, or over by the rule of the library.
        Lapsed = "lapsed",
    } default Unknown
}

impl VogState {
    /// Whether a volunteer may meet people alone with it.
    #[must_use]
    pub const fn is_in_order(self) -> bool {
        matches!(self, Self::NotNeeded | Self::Seen)
    }
}

words! {
    /// What volunteers are trained in (domain 3.9).
    Training {
        /// The basic training of a language volunteer.
        Basic = "basic",
        /// Recognising low literacy and referring.
        Recognising = "recognising",
        /// Taking the Taalmeter.
        Taalmeter = "taalmeter",
        /// Questions at the IDO desk.
        Desk = "desk",
        /// Teaching Digisterker.
        Digisterker = "digisterker",
        /// Privacy and the code of conduct.
        Privacy = "privacy",
        /// Another one.
        Other = "other",
    }
}
