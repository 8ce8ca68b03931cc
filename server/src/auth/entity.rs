//! The tables of people and devices.

/// A person with an account.
pub mod user {
    use sea_orm::entity::prelude::*;

    /// One person.
    #[derive(Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "users")]
    pub struct Model {
        /// Of which organisation.
        #[sea_orm(primary_key, auto_increment = false)]
        pub organisation_id: Uuid,
        /// Who.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        /// The address to sign in with, in lower case.
        pub email: String,
        /// What colleagues say.
        pub name: String,
        /// argon2id; empty for who has no password.
        pub password_hash: String,
        /// Goes up when roles or factors change or a person is shut out: older tokens end at once.
        pub epoch: i64,
        /// Since when.
        pub created_at: i64,
        /// When the last role ended.
        pub ended_at: Option<i64>,
        /// The secret of the second factor, locked with the key of the installation.
        pub totp: Option<Vec<u8>>,
        /// One that was begun and not confirmed.
        pub totp_begun: Option<Vec<u8>>,
        /// The step of the last code: each opens once.
        pub totp_step: Option<i64>,
        /// The set of codes on paper, from which they follow.
        pub recovery_set: Option<Uuid>,
        /// A bit for each code of the set that was used.
        pub recovery_used: i32,
        /// The language of mail to this person.
        pub language: String,
    }
    impl Model {
        /// The texts in the language of this person.
        #[must_use]
        pub fn words(&self) -> words::Words {
            words::Words::parse(&self.language).unwrap_or_default()
        }
    }
    /// None: the older form of an entity, because the newer one derives a `Debug` that shows names.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}

    impl std::fmt::Debug for Model {
        // Address, name and hash never reach a log by accident.
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.debug_struct("User").field("id", &self.id).finish_non_exhaustive()
        }
    }
}

/// A role of a person in a branch.
pub mod membership {
    use sea_orm::entity::prelude::*;

    /// One role.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "memberships")]
    pub struct Model {
        /// Of which organisation.
        #[sea_orm(primary_key, auto_increment = false)]
        pub organisation_id: Uuid,
        /// Who.
        #[sea_orm(primary_key, auto_increment = false)]
        pub user_id: Uuid,
        /// Where.
        #[sea_orm(primary_key, auto_increment = false)]
        pub branch_id: Uuid,
        /// As what.
        #[sea_orm(primary_key, auto_increment = false)]
        pub role: String,
        /// The first day, `YYYY-MM-DD`.
        pub from_on: Option<String>,
        /// The last day, `YYYY-MM-DD`.
        pub until_on: Option<String>,
        /// Who employs the person for this role, when that is not the library: a ROC, welfare, a municipality.
        pub employer: Option<String>,
    }
    impl ActiveModelBehavior for ActiveModel {}
}

/// An installed app with its rotating token.
pub mod device {
    use sea_orm::entity::prelude::*;

    /// One device.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "devices")]
    pub struct Model {
        /// Of which organisation.
        #[sea_orm(primary_key, auto_increment = false)]
        pub organisation_id: Uuid,
        /// Which.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        /// Whose.
        pub user_id: Uuid,
        /// What the person calls it.
        pub name: String,
        /// The hash of the newest refresh token.
        pub refresh_hash: Vec<u8>,
        /// The hash of the one before, until the newest was seen: a lost answer is no theft.
        pub previous_hash: Option<Vec<u8>>,
        /// Since when.
        pub created_at: i64,
        /// When the token was last turned.
        pub refreshed_at: i64,
        /// When it was last heard of.
        pub last_contact_at: i64,
        /// When it was shut out.
        pub revoked_at: Option<i64>,
        /// The hash of what only an opened phone knows: from then on the refresh token alone is not enough.
        pub secret_hash: Option<Vec<u8>>,
        /// Whether it was the person who signed out here: then its data may still be opened for the same person.
        pub signed_out: bool,
        /// When the person last showed here who he is.
        pub proven_at: Option<i64>,
        /// Whether the person came in with two factors, or was let in by a colleague.
        pub vouched: bool,
    }
    impl ActiveModelBehavior for ActiveModel {}
}

/// A refresh token that was turned and whose successor was seen: whoever shows it has a copy.
pub mod retired_token {
    use sea_orm::entity::prelude::*;

    /// One token.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "retired_tokens")]
    pub struct Model {
        /// Of which organisation.
        #[sea_orm(primary_key, auto_increment = false)]
        pub organisation_id: Uuid,
        /// Of which device.
        #[sea_orm(primary_key, auto_increment = false)]
        pub device_id: Uuid,
        /// The hash of the token.
        #[sea_orm(primary_key, auto_increment = false)]
        pub hash: Vec<u8>,
        /// Since when.
        pub retired_at: i64,
    }
    impl ActiveModelBehavior for ActiveModel {}
}

/// The keys to which phones seal their data keys.
pub mod organisation_key {
    use sea_orm::entity::prelude::*;

    /// One key pair.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "organisation_keys")]
    pub struct Model {
        /// Of which organisation.
        #[sea_orm(primary_key, auto_increment = false)]
        pub organisation_id: Uuid,
        /// Which.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        /// The public half, as an uncompressed point.
        pub public_point: Vec<u8>,
        /// The secret half, locked with the key of the installation that lies in the data folder.
        pub locked_scalar: Vec<u8>,
        /// Since when.
        pub created_at: i64,
    }
    impl ActiveModelBehavior for ActiveModel {}
}

/// Failed tries to sign in, by account or address.
pub mod sign_in_try {
    use sea_orm::entity::prelude::*;

    /// One counter.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "sign_in_tries")]
    pub struct Model {
        /// Nil: a try belongs to no organisation until it succeeds.
        #[sea_orm(primary_key, auto_increment = false)]
        pub organisation_id: Uuid,
        /// The hash of what is counted.
        #[sea_orm(primary_key, auto_increment = false)]
        pub key: Vec<u8>,
        /// Failures in a row.
        pub failures: i32,
        /// When the last one was.
        pub last_at: i64,
    }
    impl ActiveModelBehavior for ActiveModel {}
}

/// A passkey of a person: what a device or security key signs with, opened by a finger, face or PIN.
pub mod passkey {
    use sea_orm::entity::prelude::*;

    /// One passkey.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "passkeys")]
    pub struct Model {
        /// Of which organisation.
        #[sea_orm(primary_key, auto_increment = false)]
        pub organisation_id: Uuid,
        /// Whose.
        #[sea_orm(primary_key, auto_increment = false)]
        pub user_id: Uuid,
        /// Which.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        /// The id that the key itself chose.
        pub credential: Vec<u8>,
        /// What the person calls it.
        pub name: String,
        /// The public key with its counter, as `webauthn-rs` keeps it.
        pub public_key: String,
        /// Since when.
        pub created_at: i64,
        /// When it last opened something.
        pub used_at: Option<i64>,
    }
    impl ActiveModelBehavior for ActiveModel {}
}

/// What the server asked a passkey, until it answers. In the database: the answer may come in at another node.
pub mod ceremony {
    use sea_orm::entity::prelude::*;

    /// One question.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "ceremonies")]
    pub struct Model {
        /// Nil for a sign-in: it belongs to no organisation until it succeeds.
        #[sea_orm(primary_key, auto_increment = false)]
        pub organisation_id: Uuid,
        /// Which.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        /// `add` or `use`.
        pub kind: String,
        /// What was asked, as `webauthn-rs` keeps it.
        pub state: String,
        /// When it is over.
        pub expires_at: i64,
    }
    impl ActiveModelBehavior for ActiveModel {}
}
