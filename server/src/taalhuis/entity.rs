//! The rows of the Taalhuis, drawn from documents: for counting, without names.

/// A learner: no name and no address, for counting.
pub mod learner {
    use sea_orm::entity::prelude::*;

    /// One learner.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "learners")]
    pub struct Model {
        /// Of which organisation.
        #[sea_orm(primary_key, auto_increment = false)]
        pub organisation_id: Uuid,
        /// The file it is drawn from.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        /// Which learner.
        pub learner_id: Option<Uuid>,
        /// The branch.
        pub branch_id: Option<Uuid>,
        /// How far the learner is.
        pub stage: String,
        /// How the learner came in.
        pub way: String,
        /// When.
        pub registered_on: Option<Date>,
        /// When the intake was done.
        pub intake_on: Option<Date>,
        /// When the learner stopped.
        pub ended_on: Option<Date>,
        /// Why.
        pub end_reason: Option<String>,
        /// To do what.
        pub outflow: Option<String>,
        /// Why the learner waits.
        pub wait_reason: Option<String>,
        /// NT1 or NT2.
        pub first_language: Option<String>,
        /// As registered.
        pub gender: Option<String>,
        /// For age bands.
        pub birth_year: Option<i32>,
        /// The month of birth, where the whole date is known: ages by the year alone are wrong for half the people.
        pub birth_month: Option<i32>,
        /// The learner who is the same person, and under whom help goes on.
        pub joined_into: Option<Uuid>,
        /// Whether reading only begins.
        pub is_beginner: bool,
    }
    impl ActiveModelBehavior for ActiveModel {}
}

/// A level that was measured.
pub mod learner_level {
    use sea_orm::entity::prelude::*;

    /// One level.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "learner_levels")]
    pub struct Model {
        /// Of which organisation.
        #[sea_orm(primary_key, auto_increment = false)]
        pub organisation_id: Uuid,
        /// Of whose file.
        #[sea_orm(primary_key, auto_increment = false)]
        pub file_id: Uuid,
        /// Its place in the order of time.
        #[sea_orm(primary_key, auto_increment = false)]
        pub place: i32,
        /// On which scale.
        pub scale: String,
        /// Of what.
        pub skill: String,
        /// Which.
        pub level: String,
        /// Its place on the scale.
        pub rank: i32,
        /// When.
        pub measured_on: Option<Date>,
    }
    impl ActiveModelBehavior for ActiveModel {}
}

/// Whether a request works, as it was asked.
pub mod learner_effect {
    use sea_orm::entity::prelude::*;

    /// One answer.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "learner_effects")]
    pub struct Model {
        /// Of which organisation.
        #[sea_orm(primary_key, auto_increment = false)]
        pub organisation_id: Uuid,
        /// Of whose file.
        #[sea_orm(primary_key, auto_increment = false)]
        pub file_id: Uuid,
        /// Its place in the order of time.
        #[sea_orm(primary_key, auto_increment = false)]
        pub place: i32,
        /// What the request is about.
        pub topic: String,
        /// Whether it works.
        pub reached: String,
        /// Where it is used: words with spaces between.
        pub used: String,
        /// When it was asked.
        pub asked_on: Option<Date>,
    }
    impl ActiveModelBehavior for ActiveModel {}
}

/// What a learner asked to learn.
pub mod learner_request {
    use sea_orm::entity::prelude::*;

    /// One request.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "learner_requests")]
    pub struct Model {
        /// Of which organisation.
        #[sea_orm(primary_key, auto_increment = false)]
        pub organisation_id: Uuid,
        /// Of whose file.
        #[sea_orm(primary_key, auto_increment = false)]
        pub file_id: Uuid,
        /// Its place in the order of time.
        #[sea_orm(primary_key, auto_increment = false)]
        pub place: i32,
        /// What it is about.
        pub topic: String,
        /// Since when.
        pub asked_on: Option<Date>,
    }
    impl ActiveModelBehavior for ActiveModel {}
}

/// A learner who was referred to a partner.
pub mod learner_referral {
    use sea_orm::entity::prelude::*;

    /// One referral.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "learner_referrals")]
    pub struct Model {
        /// Of which organisation.
        #[sea_orm(primary_key, auto_increment = false)]
        pub organisation_id: Uuid,
        /// Of whose file.
        #[sea_orm(primary_key, auto_increment = false)]
        pub file_id: Uuid,
        /// Its place in the order of time.
        #[sea_orm(primary_key, auto_increment = false)]
        pub place: i32,
        /// To whom, in small letters.
        pub partner: String,
        /// When.
        pub sent_on: Option<Date>,
        /// Whether the learner arrived; nothing while nobody knows.
        pub has_arrived: Option<bool>,
        /// What the learner follows there; nothing before it began.
        pub offer: Option<String>,
        /// Whether that leads to a diploma that the law knows.
        pub is_formal: Option<bool>,
        /// When it began.
        pub began_on: Option<Date>,
        /// When it ended.
        pub finished_on: Option<Date>,
        /// Why.
        pub end_reason: Option<String>,
        /// Whether the learner got a certificate.
        pub has_certificate: Option<bool>,
    }
    impl ActiveModelBehavior for ActiveModel {}
}

/// A learner and a buddy who meet.
pub mod pairing {
    use sea_orm::entity::prelude::*;

    /// One pairing.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "pairings")]
    pub struct Model {
        /// Of which organisation.
        #[sea_orm(primary_key, auto_increment = false)]
        pub organisation_id: Uuid,
        /// Which.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        /// The branch.
        pub branch_id: Option<Uuid>,
        /// Who learns.
        pub learner_id: Option<Uuid>,
        /// Who helps.
        pub user_id: Option<Uuid>,
        /// How it stands.
        pub state: String,
        /// When it was proposed.
        pub proposed_on: Option<Date>,
        /// When the trial began.
        pub met_since: Option<Date>,
        /// When it ended.
        pub ended_on: Option<Date>,
        /// Why.
        pub end_reason: Option<String>,
    }
    impl ActiveModelBehavior for ActiveModel {}
}

/// A session of a pairing, or a meeting of a group: hours of a volunteer and contact with learners at once.
pub mod learning_session {
    use sea_orm::entity::prelude::*;

    /// One session.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "learning_sessions")]
    pub struct Model {
        /// Of which organisation.
        #[sea_orm(primary_key, auto_increment = false)]
        pub organisation_id: Uuid,
        /// Of which pairing or group.
        #[sea_orm(primary_key, auto_increment = false)]
        pub source_id: Uuid,
        /// Which.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        /// The branch.
        pub branch_id: Option<Uuid>,
        /// `pairing` or `group`.
        pub kind: String,
        /// Who helped.
        pub user_id: Option<Uuid>,
        /// On which day.
        pub held_on: Option<Date>,
        /// How long.
        pub minutes: i32,
        /// How many learners were there.
        pub learners: i32,
    }
    impl ActiveModelBehavior for ActiveModel {}
}
