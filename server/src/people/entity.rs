//! The tables of invitations and outgoing mail.

/// A way in for somebody: a link by mail, or a code that a colleague shows.
pub mod invitation {
    use sea_orm::entity::prelude::*;

    /// One invitation.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "invitations")]
    pub struct Model {
        /// Of which organisation.
        #[sea_orm(primary_key, auto_increment = false)]
        pub organisation_id: Uuid,
        /// Which.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        /// For whom.
        pub user_id: Uuid,
        /// By whom.
        pub by_user_id: Uuid,
        /// `link` or `code`.
        pub way: String,
        /// The hash of the link's token or of the code; neither is kept.
        pub secret_hash: Vec<u8>,
        /// When it was made.
        pub created_at: i64,
        /// When it is over.
        pub expires_at: i64,
        /// What the person calls the device that showed the code.
        pub device_name: Option<String>,
        /// The hash of what that device waits with.
        pub join_hash: Option<Vec<u8>>,
        /// The two digits that device shows.
        pub digits: Option<i32>,
        /// When a colleague said that those are the digits he sees.
        pub confirmed_at: Option<i64>,
        /// When a device came in by it.
        pub used_at: Option<i64>,
    }
    impl ActiveModelBehavior for ActiveModel {}
}

/// A mail that must go out, written in the transaction of what it is about.
pub mod mail {
    use sea_orm::entity::prelude::*;

    /// One mail.
    #[derive(Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "mails")]
    pub struct Model {
        /// Of which organisation.
        #[sea_orm(primary_key, auto_increment = false)]
        pub organisation_id: Uuid,
        /// Which.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        /// To whom.
        pub user_id: Option<Uuid>,
        /// To which address; empty once it was sent.
        pub address: String,
        /// What it is about.
        pub kind: String,
        /// Its subject: nothing about people.
        pub subject: String,
        /// Its text; empty once it was sent.
        pub body: String,
        /// When it was written.
        pub created_at: i64,
        /// When it is tried again.
        pub next_try_at: i64,
        /// How often it was tried.
        pub tries: i32,
        /// When the mail server took it.
        pub sent_at: Option<i64>,
        /// When it was given up.
        pub dead_at: Option<i64>,
    }
    /// None: the older form of an entity, because the newer one derives a `Debug` that shows addresses.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}

    impl std::fmt::Debug for Model {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.debug_struct("Mail").field("id", &self.id).field("kind", &self.kind).finish_non_exhaustive()
        }
    }
}
