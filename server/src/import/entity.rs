//! The tables of imports.

/// What somebody said that a column means: proposed the next time that its heading is seen.
pub mod heading {
    use sea_orm::entity::prelude::*;

    /// One heading.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "import_headings")]
    pub struct Model {
        /// Of which organisation.
        #[sea_orm(primary_key, auto_increment = false)]
        pub organisation_id: Uuid,
        /// Whom the rows were about.
        #[sea_orm(primary_key, auto_increment = false)]
        pub target: String,
        /// A hash of the heading, in small letters without accents.
        #[sea_orm(primary_key, auto_increment = false)]
        pub heading: String,
        /// The key of the field; empty for a column that is left out.
        pub field: String,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// An import that was done: sent once more, it has no second effect.
pub mod import {
    use sea_orm::entity::prelude::*;

    /// One import.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "imports")]
    pub struct Model {
        /// Of which organisation.
        #[sea_orm(primary_key, auto_increment = false)]
        pub organisation_id: Uuid,
        /// Which: made by the device of whoever imports.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        /// Whom the rows were about.
        pub target: String,
        /// In which branch.
        pub branch_id: Uuid,
        /// How many rows were taken.
        pub taken: i64,
        /// When, milliseconds UTC.
        pub at: i64,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
