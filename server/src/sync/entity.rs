//! The tables of the exchange. Every key begins with the organisation; nothing joins across two of them.

/// A library organisation, with its feed counter.
pub mod organisation {
    use sea_orm::entity::prelude::*;

    /// One organisation.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "organisations")]
    pub struct Model {
        /// Which.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        /// Its name.
        pub name: String,
        /// The newest feed number.
        pub feed: i64,
        /// Changes when a backup is restored.
        pub generation: i64,
    }
    impl ActiveModelBehavior for ActiveModel {}
}

/// A branch.
pub mod branch {
    use sea_orm::entity::prelude::*;

    /// One branch.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "branches")]
    pub struct Model {
        /// Of which organisation.
        #[sea_orm(primary_key, auto_increment = false)]
        pub organisation_id: Uuid,
        /// Which.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        /// `branch`, or `network` for a place of several employers.
        pub kind: String,
        /// Its name.
        pub name: String,
        /// The municipality it works for.
        pub municipality: String,
    }
    impl ActiveModelBehavior for ActiveModel {}
}

/// A document: its folded history, its heads and its row for lists.
pub mod document {
    use sea_orm::entity::prelude::*;

    /// One document.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "documents")]
    pub struct Model {
        /// Of which organisation.
        #[sea_orm(primary_key, auto_increment = false)]
        pub organisation_id: Uuid,
        /// Which.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        /// Its kind.
        pub kind: String,
        /// The branch it belongs to.
        pub branch_id: Option<Uuid>,
        /// The folded history.
        pub snapshot: Vec<u8>,
        /// The feed number up to which the history is folded.
        pub snapshot_feed: i64,
        /// From this feed number on, every change is also kept apart.
        pub tail_from: i64,
        /// How many changes stand after the snapshot.
        pub tail: i32,
        /// The heads, as CBOR.
        pub heads: Vec<u8>,
        /// The row for lists, as CBOR.
        pub summary: Vec<u8>,
        /// The bytes of snapshot and tail.
        pub size: i64,
        /// The feed number of its first change.
        pub created_feed: i64,
        /// The feed number of its newest change.
        pub feed: i64,
        /// Whether it was erased: only this row is left, as a tombstone.
        pub erased: bool,
    }
    impl ActiveModelBehavior for ActiveModel {}
}

/// That a document must be written anew, without what it tells of somebody who was forgotten.
pub mod forgetting {
    use sea_orm::entity::prelude::*;

    /// One.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "forgettings")]
    pub struct Model {
        /// Of which organisation.
        #[sea_orm(primary_key, auto_increment = false)]
        pub organisation_id: Uuid,
        /// Which document.
        #[sea_orm(primary_key, auto_increment = false)]
        pub document_id: Uuid,
        /// A reader or a person.
        #[sea_orm(primary_key, auto_increment = false)]
        pub about_id: Uuid,
    }
    impl ActiveModelBehavior for ActiveModel {}
}

/// A change of a document that is not folded away yet.
pub mod change {
    use sea_orm::entity::prelude::*;

    /// One change.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "changes")]
    pub struct Model {
        /// Of which organisation.
        #[sea_orm(primary_key, auto_increment = false)]
        pub organisation_id: Uuid,
        /// Of which document.
        #[sea_orm(primary_key, auto_increment = false)]
        pub document_id: Uuid,
        /// The feed number under which it was told.
        #[sea_orm(primary_key, auto_increment = false)]
        pub feed: i64,
        /// Its place among the changes of that number.
        #[sea_orm(primary_key, auto_increment = false)]
        pub place: i32,
        /// Its hash.
        pub hash: Vec<u8>,
        /// Its bytes, written by the server's own encoder.
        pub bytes: Vec<u8>,
    }
    impl ActiveModelBehavior for ActiveModel {}
}

/// A command that was answered: the idempotency row.
pub mod command {
    use sea_orm::entity::prelude::*;

    /// One command.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "commands")]
    pub struct Model {
        /// Of which organisation.
        #[sea_orm(primary_key, auto_increment = false)]
        pub organisation_id: Uuid,
        /// The idempotency key.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        /// On which document.
        pub document_id: Uuid,
        /// By which device.
        pub device_id: Uuid,
        /// By whom.
        pub user_id: Uuid,
        /// The branch of the document, when it was known.
        pub branch_id: Option<Uuid>,
        /// Which command.
        pub kind: String,
        /// The answer, as CBOR: given again when the command comes again.
        pub verdict: Vec<u8>,
        /// The slug of the problem, when it was refused.
        pub problem: Option<String>,
        /// What was to be done, kept only when it was refused.
        pub body: Option<Vec<u8>>,
        /// When the person acted, by the clock of the device.
        pub acted_at: i64,
        /// When it came in.
        pub received_at: i64,
        /// When a coordinator dealt with the refusal.
        pub settled_at: Option<i64>,
    }
    impl ActiveModelBehavior for ActiveModel {}
}

/// That an audience may hold a document.
pub mod grant {
    use sea_orm::entity::prelude::*;

    /// One grant.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "grants")]
    pub struct Model {
        /// Of which organisation.
        #[sea_orm(primary_key, auto_increment = false)]
        pub organisation_id: Uuid,
        /// Which document.
        #[sea_orm(primary_key, auto_increment = false)]
        pub document_id: Uuid,
        /// For whom.
        #[sea_orm(primary_key, auto_increment = false)]
        pub audience: String,
        /// The document from whose content the grant follows.
        #[sea_orm(primary_key, auto_increment = false)]
        pub source_id: Uuid,
        /// From when; from the start when empty.
        pub starts_at: Option<i64>,
        /// Until when; for good when empty.
        pub ends_at: Option<i64>,
        /// The feed number under which it was told; empty while it waits for its time.
        pub granted_feed: Option<i64>,
        /// The feed number under which its end was told.
        pub revoked_feed: Option<i64>,
    }
    impl ActiveModelBehavior for ActiveModel {}
}

/// What was done by whom: ids only.
pub mod audit {
    use sea_orm::entity::prelude::*;

    /// One line.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "audit")]
    pub struct Model {
        /// Of which organisation.
        #[sea_orm(primary_key, auto_increment = false)]
        pub organisation_id: Uuid,
        /// Which line.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        /// When, by the clock of the server.
        pub at: i64,
        /// Who.
        pub user_id: Option<Uuid>,
        /// On which device.
        pub device_id: Option<Uuid>,
        /// What.
        pub act: String,
        /// On which document.
        pub document_id: Option<Uuid>,
        /// By which command.
        pub command_id: Option<Uuid>,
        /// The slug of the problem, when it was refused.
        pub problem: Option<String>,
        /// Its place in the chain; empty for a moment after it was written.
        pub number: Option<i64>,
        /// The hash over itself and the line before.
        pub hash: Option<Vec<u8>>,
    }
    impl ActiveModelBehavior for ActiveModel {}
}

/// Which document went to which device.
pub mod receipt {
    use sea_orm::entity::prelude::*;

    /// One document on one device.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "receipts")]
    pub struct Model {
        /// Of which organisation.
        #[sea_orm(primary_key, auto_increment = false)]
        pub organisation_id: Uuid,
        /// Which device.
        #[sea_orm(primary_key, auto_increment = false)]
        pub device_id: Uuid,
        /// Which document.
        #[sea_orm(primary_key, auto_increment = false)]
        pub document_id: Uuid,
        /// When it was sent there for the first time.
        pub received_at: i64,
        /// When the device was told to drop it.
        pub dropped_at: Option<i64>,
    }
    impl ActiveModelBehavior for ActiveModel {}
}
