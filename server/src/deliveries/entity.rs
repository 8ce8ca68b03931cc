//! The rows of home delivery, drawn from documents.

/// A reader: no name and no address, for counting.
pub mod reader {
    use sea_orm::entity::prelude::*;

    /// One reader.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "readers")]
    pub struct Model {
        /// Of which organisation.
        #[sea_orm(primary_key, auto_increment = false)]
        pub organisation_id: Uuid,
        /// Which.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        /// The branch.
        pub branch_id: Option<Uuid>,
        /// Where the reader stands.
        pub status: String,
        /// How often books are brought.
        pub frequency: String,
    }
    impl ActiveModelBehavior for ActiveModel {}
}

/// A round.
pub mod round {
    use sea_orm::entity::prelude::*;

    /// One round.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "rounds")]
    pub struct Model {
        /// Of which organisation.
        #[sea_orm(primary_key, auto_increment = false)]
        pub organisation_id: Uuid,
        /// Which.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        /// The branch.
        pub branch_id: Option<Uuid>,
        /// What people call it.
        pub name: String,
        /// The day.
        pub planned_on: Option<Date>,
        /// How it stands.
        pub state: String,
        /// How many addresses.
        pub stops: i32,
        /// How many of them have a log.
        pub done: i32,
    }
    impl ActiveModelBehavior for ActiveModel {}
}

/// A log of a visit.
pub mod delivery_log {
    use sea_orm::entity::prelude::*;

    /// One log.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "delivery_logs")]
    pub struct Model {
        /// Of which organisation.
        #[sea_orm(primary_key, auto_increment = false)]
        pub organisation_id: Uuid,
        /// Of which round.
        #[sea_orm(primary_key, auto_increment = false)]
        pub round_id: Uuid,
        /// Which.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        /// Of which stop.
        pub stop_id: Uuid,
        /// Of which reader.
        pub reader_id: Option<Uuid>,
        /// By whom.
        pub user_id: Option<Uuid>,
        /// How it went; nothing when logs were taken back.
        pub outcome: Option<String>,
        /// When, by the clock of that phone.
        pub logged_at: i64,
        /// How many items went in the door.
        pub items_out: Option<i32>,
        /// How many items came back.
        pub items_in: Option<i32>,
        /// Whether it counts: not corrected, not taken back.
        pub counts: bool,
    }
    impl ActiveModelBehavior for ActiveModel {}
}

/// The distance of a volunteer on a round.
pub mod round_distance {
    use sea_orm::entity::prelude::*;

    /// One distance.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "round_distances")]
    pub struct Model {
        /// Of which organisation.
        #[sea_orm(primary_key, auto_increment = false)]
        pub organisation_id: Uuid,
        /// Of which round.
        #[sea_orm(primary_key, auto_increment = false)]
        pub round_id: Uuid,
        /// Of whom.
        #[sea_orm(primary_key, auto_increment = false)]
        pub user_id: Uuid,
        /// How far.
        pub metres: i32,
    }
    impl ActiveModelBehavior for ActiveModel {}
}

/// A signal, without its words.
pub mod signal {
    use sea_orm::entity::prelude::*;

    /// One signal.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "signals")]
    pub struct Model {
        /// Of which organisation.
        #[sea_orm(primary_key, auto_increment = false)]
        pub organisation_id: Uuid,
        /// Which.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        /// The branch.
        pub branch_id: Option<Uuid>,
        /// About what.
        pub kind: String,
        /// What became of it.
        pub state: String,
        /// When it was raised.
        pub raised_at: i64,
        /// About which reader.
        pub reader_id: Option<Uuid>,
    }
    impl ActiveModelBehavior for ActiveModel {}
}
