//! The fixed lists of the Taalhuis (domain 3.1–3.4, 3.8).

use crate::list::words;

words! {
    /// For what a learner gives consent (domain 3.1, *Toestemmingen*); each apart, dated, and to be taken back.
    Purpose {
        /// A buddy gets what the buddy needs.
        Buddy = "buddy",
        /// Providers of courses get it.
        Providers = "providers",
        /// The library gets name and address.
        Library = "library",
        /// The learner gets news of the library.
        News = "news",
        /// The learner signed the form on paper.
        Signed = "signed",
    }
}

words! {
    /// How a learner came in (domain 3.1, *Aanmelder*).
    WayIn {
        /// The learner asked.
        Own = "own",
        /// UWV.
        Uwv = "uwv",
        /// The social service of the municipality.
        SocialService = "social_service",
        /// The library.
        Library = "library",
        /// Welfare work.
        Welfare = "welfare",
        /// A neighbourhood team.
        Neighbourhood = "neighbourhood",
        /// An organisation of volunteers.
        Volunteers = "volunteers",
        /// A provider of language courses.
        Provider = "provider",
        /// The coach of `BoekStart`.
        BookStart = "book_start",
        /// The IDO desk.
        Desk = "desk",
        /// Somebody else.
        Other = "other",
    } default Own
}

words! {
    /// What a group is to who learns in it: help in itself, or company while somebody waits for a buddy.
    GroupKind {
        /// A course: whoever is in it has help.
        Course = "course",
        /// A Taalcafé or a walk-in: whoever comes there and has no buddy waits on.
        Open = "open",
    } default Course
}

words! {
    /// How far a learner is. Derived from dates, never typed.
    Stage {
        /// Came in; no intake yet.
        Registered = "registered",
        /// The intake was done, and nobody helps yet.
        Waiting = "waiting",
        /// Stopped.
        Ended = "ended",
        /// The same person as another learner: what is known stands there.
        Joined = "joined",
    } default Registered
}

impl Stage {
    /// How far a learner is who stopped or not, and whose intake was done or not.
    #[must_use]
    pub const fn of(ended: bool, taken_in: bool) -> Self {
        match (ended, taken_in) {
            (true, _) => Self::Ended,
            (false, true) => Self::Waiting,
            (false, false) => Self::Registered,
        }
    }
}

words! {
    /// How far a referral is. Derived from what was noted. Diagram: `docs/states/referral.md`.
    ReferralStage {
        /// Nobody knows yet whether the learner arrived.
        Sent = "sent",
        /// The learner arrived.
        Arrived = "arrived",
        /// The learner did not arrive.
        NotArrived = "not_arrived",
        /// The learner follows something there.
        Follows = "follows",
        /// That ended.
        Ended = "ended",
    } default Sent
}

words! {
    /// What somebody follows at a partner (domain 3.2).
    Offer {
        /// Language.
        Language = "language",
        /// Arithmetic.
        Arithmetic = "arithmetic",
        /// Digital skills.
        Digital = "digital",
        /// Something else.
        Other = "other",
    } default Language
}

words! {
    /// With how many somebody learns at a partner (domain 3.2).
    Form {
        /// In a group.
        Group = "group",
        /// Alone with who teaches.
        Alone = "alone",
    } default Group
}

words! {
    /// Why a learner waits.
    WaitReason {
        /// There is no buddy who suits.
        NoBuddy = "no_buddy",
        /// The level is not known yet.
        NoLevel = "no_level",
        /// No way to get there.
        Transport = "transport",
        /// No one for the children.
        Childcare = "childcare",
        /// No time that suits.
        Availability = "availability",
        /// Waits for a course.
        Course = "course",
        /// The learner asked to wait.
        OwnWish = "own_wish",
    }
}

words! {
    /// Why help ended (domain 3.2), or why two people did not suit (domain 3.8).
    EndReason {
        /// The goal was reached.
        Succeeded = "succeeded",
        /// Moved away.
        Moved = "moved",
        /// Found work.
        Work = "work",
        /// Illness.
        Health = "health",
        /// Died.
        Death = "death",
        /// Something in the family.
        Family = "family",
        /// It was not what was expected.
        Expectation = "expectation",
        /// They did not get on.
        NoClick = "no_click",
        /// No time that suits both.
        NoTime = "no_time",
        /// Too far apart.
        Distance = "distance",
        /// Another gender was asked for.
        Gender = "gender",
        /// The level did not suit.
        Level = "level",
        /// The volunteer stopped.
        VolunteerLeft = "volunteer_left",
        /// The learner stopped.
        LearnerLeft = "learner_left",
        /// Consent was taken back.
        Consent = "consent",
        /// Another reason.
        Other = "other",
    } default Other
}

words! {
    /// What a learner goes on to do (domain 3.2).
    Outflow {
        /// Studies.
        Study = "study",
        /// Works.
        Work = "work",
        /// Works as a volunteer.
        Volunteer = "volunteer",
        /// Goes on to a formal course.
        Formal = "formal",
        /// Goes on to a non-formal course.
        NonFormal = "non_formal",
        /// Not known.
        Unknown = "unknown",
        /// Something else.
        Other = "other",
    } default Unknown
}

words! {
    /// What a request is about (domain 3.2).
    Topic {
        /// Reading Dutch.
        Reading = "reading",
        /// Writing Dutch.
        Writing = "writing",
        /// Speaking Dutch.
        Speaking = "speaking",
        /// Understanding what is said.
        Listening = "listening",
        /// Arithmetic.
        Arithmetic = "arithmetic",
        /// Digital skills.
        Digital = "digital",
        /// Money.
        Money = "money",
        /// Health.
        Health = "health",
        /// Knowledge.
        Knowledge = "knowledge",
        /// Skills.
        Skills = "skills",
        /// Attitude.
        Attitude = "attitude",
        /// Behaviour.
        Behaviour = "behaviour",
        /// Something else.
        Other = "other",
    } default Other
}

words! {
    /// Where what is learned is used (domain 3.2, *application*).
    Application {
        /// Family and upbringing.
        Family = "family",
        /// Work.
        Work = "work",
        /// Health and wellbeing.
        Health = "health",
        /// House and neighbourhood.
        Neighbourhood = "neighbourhood",
        /// Managing by oneself.
        Independence = "independence",
        /// Something else.
        Other = "other",
    } default Other
}

words! {
    /// Why something else was advised than was asked (domain 3.2).
    Difference {
        /// Nothing else was.
        None = "none",
        /// Too far.
        Distance = "distance",
        /// A waiting list.
        Waiting = "waiting",
        /// Another reason.
        Other = "other",
    } default None
}

words! {
    /// Whether it works now: the answer to *lukt het nu?* (domain 3.2).
    Reached {
        /// Yes.
        Yes = "yes",
        /// In part.
        Partly = "partly",
        /// No.
        No = "no",
    }
}

words! {
    /// What comes next, once the answer is there (domain 3.2).
    Next {
        /// Goes on as it is.
        GoesOn = "goes_on",
        /// Content.
        Satisfied = "satisfied",
        /// There is a new request.
        NewRequest = "new_request",
        /// Too difficult.
        TooHard = "too_hard",
        /// Not needed any more.
        NotNeeded = "not_needed",
        /// Stopped.
        Stopped = "stopped",
        /// Over for another reason.
        Other = "other",
    } default GoesOn
}

impl Next {
    /// Whether the request is over with it.
    #[must_use]
    pub const fn closes(self) -> bool {
        !matches!(self, Self::GoesOn)
    }
}

words! {
    /// The kinds of facts in the file of a learner.
    FactKind {
        /// A level.
        Level = "level",
        /// A request.
        Request = "request",
        /// Whether a request works.
        Evaluation = "evaluation",
        /// A contact.
        Contact = "contact",
        /// A referral.
        Referral = "referral",
    }
}

words! {
    /// The kinds of contact (domain 3.2).
    ContactKind {
        /// Remark.
        Remark = "remark",
        /// Telephone call.
        Call = "call",
        /// First talk.
        Intake = "intake",
        /// A talk later on.
        FollowUp = "follow_up",
        /// Last talk.
        Final = "final",
        /// Something to tell to others, with consent.
        Story = "story",
    } default Remark
}

words! {
    /// How a pairing stands. Diagram: `docs/states/pairing.md`.
    PairingState {
        /// Proposed to both.
        Proposed = "proposed",
        /// The first meeting has a date.
        IntroPlanned = "intro_planned",
        /// The first six weeks.
        Trial = "trial",
        /// They meet.
        Running = "running",
        /// They do not meet for a while.
        Paused = "paused",
        /// It is over.
        Ended = "ended",
    } default Proposed
}

impl CheckIn {
    /// Whether somebody should do something about it.
    #[must_use]
    pub const fn needs_attention(self) -> bool {
        matches!(self, Self::Attention | Self::Stops)
    }
}

impl PairingState {
    /// Whether this state may follow.
    #[must_use]
    pub const fn may_become(self, next: Self) -> bool {
        match self {
            Self::Proposed | Self::IntroPlanned => {
                matches!(next, Self::IntroPlanned | Self::Trial | Self::Ended)
            }
            Self::Trial => matches!(next, Self::Running | Self::Paused | Self::Ended),
            Self::Running => matches!(next, Self::Paused | Self::Ended),
            Self::Paused => matches!(next, Self::Running | Self::Ended),
            Self::Ended => false,
        }
    }

    /// Whether the buddy has what a buddy needs to know.
    #[must_use]
    pub const fn shares(self) -> bool {
        matches!(self, Self::IntroPlanned | Self::Trial | Self::Running | Self::Paused)
    }

    /// Whether they meet, so that it takes the buddy's time and the learner waits no longer.
    #[must_use]
    pub const fn meets(self) -> bool {
        matches!(self, Self::Trial | Self::Running)
    }
}

words! {
    /// How a session went.
    Mood {
        /// Well.
        Good = "good",
        /// All right.
        Fair = "fair",
        /// With difficulty.
        Hard = "hard",
    } default Good
}

words! {
    /// How it goes, asked after two, six and twelve weeks.
    CheckIn {
        /// Well.
        Good = "good",
        /// It needs attention.
        Attention = "attention",
        /// They stop.
        Stops = "stops",
    }
}
