//! The fixed lists of home delivery (domain 3.7), with the words they have in storage and on the wire.

use crate::list::words;

words! {
    /// How a visit went (domain 3.7, visit status).
    #[doc(alias = "bezoekstatus")]
    Outcome {
        /// Bezorgd.
        Delivered = "delivered",
        /// Bezorgd aan huisgenoot of medewerker.
        DeliveredToOther = "delivered_to_other",
        /// Achtergelaten op een afgesproken plek.
        LeftAtPlace = "left_at_place",
        /// Alleen opgehaald.
        OnlyCollected = "only_collected",
        /// Niet thuis.
        NotHome = "not_home",
        /// Adres klopt niet.
        WrongAddress = "wrong_address",
        /// Wil niet meer.
        NoLongerWanted = "no_longer_wanted",
        /// Boeken niet klaar.
        ItemsNotReady = "items_not_ready",
        /// Verzet naar een andere dag.
        Moved = "moved",
        /// Vervallen.
        Lapsed = "lapsed",
        /// Anders; a note says what.
        Other = "other",
    } default Delivered
}

impl Outcome {
    /// Whether books changed hands.
    #[must_use]
    pub const fn succeeded(self) -> bool {
        matches!(self, Self::Delivered | Self::DeliveredToOther | Self::LeftAtPlace | Self::OnlyCollected)
    }

    /// The outcomes behind *Niet gelukt*, in the order of how often they are chosen.
    pub const FAILED: &'static [Self] = &[
        Self::NotHome,
        Self::WrongAddress,
        Self::NoLongerWanted,
        Self::ItemsNotReady,
        Self::Moved,
        Self::Lapsed,
        Self::Other,
    ];
    /// The other ways in which it succeeded.
    pub const SUCCEEDED_OTHERWISE: &'static [Self] =
        &[Self::DeliveredToOther, Self::LeftAtPlace, Self::OnlyCollected];
}

words! {
    /// How often books are brought.
    #[doc(alias = "frequentie")]
    Frequency {
        /// Wekelijks.
        Weekly = "weekly",
        /// 2-wekelijks.
        TwoWeekly = "two_weekly",
        /// 3-wekelijks.
        ThreeWeekly = "three_weekly",
        /// 4-wekelijks.
        FourWeekly = "four_weekly",
        /// Maandelijks.
        Monthly = "monthly",
        /// Op afroep.
        OnCall = "on_call",
    } default ThreeWeekly
}

impl Frequency {
    /// Days between two visits; nothing on call.
    #[must_use]
    pub const fn days(self) -> Option<i64> {
        match self {
            Self::Weekly => Some(7),
            Self::TwoWeekly => Some(14),
            Self::ThreeWeekly => Some(21),
            Self::FourWeekly => Some(28),
            Self::Monthly => Some(30),
            Self::OnCall => None,
        }
    }
}

words! {
    /// Part of the day.
    #[doc(alias = "dagdeel")]
    DaySegment {
        /// Ochtend.
        Morning = "morning",
        /// Middag.
        Afternoon = "afternoon",
        /// Avond.
        Evening = "evening",
    } default Afternoon
}

words! {
    /// Where a reader stands (domain 3.7, reader status). Diagram: `docs/states/reader.md`.
    #[doc(alias = "lezerstatus")]
    ReaderStatus {
        /// Aangemeld.
        Registered = "registered",
        /// Kennismaking gepland.
        IntroductionPlanned = "introduction_planned",
        /// Actief.
        Active = "active",
        /// Gepauzeerd, tot een datum.
        Paused = "paused",
        /// Gestopt, contact houden.
        StoppedKeepContact = "stopped_keep_contact",
        /// Gestopt, geen contact.
        StoppedNoContact = "stopped_no_contact",
        /// Overleden.
        Deceased = "deceased",
    } default Registered
}

impl ReaderStatus {
    /// Whether this status may become that one. *Overleden* is the end; everything else can be put right.
    #[must_use]
    pub const fn may_become(self, next: Self) -> bool {
        !matches!((self, next), (Self::Deceased, _) | (_, Self::Registered))
            && !matches!(
                (self, next),
                (Self::StoppedKeepContact | Self::StoppedNoContact, Self::Paused)
                    | (Self::Active | Self::Paused, Self::IntroductionPlanned)
            )
    }

    /// Whether the deliveries are over for good.
    #[must_use]
    pub const fn is_over(self) -> bool {
        matches!(self, Self::StoppedKeepContact | Self::StoppedNoContact | Self::Deceased)
    }

    /// Whether nothing can follow.
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Deceased)
    }
}

words! {
    /// What a volunteer passes on to the coordinator.
    #[doc(alias = "signaal")]
    SignalKind {
        /// Ik maak me zorgen.
        Worry = "worry",
        /// Ik voel me niet veilig.
        Unsafe = "unsafe",
    } default Worry
}

words! {
    /// What became of a signal. Diagram: `docs/states/signal.md`.
    SignalState {
        /// Nobody looked yet.
        Open = "open",
        /// A coordinator is on it.
        TakenUp = "taken_up",
        /// Dealt with.
        Settled = "settled",
    } default Open
}
