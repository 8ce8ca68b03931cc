//! The schema, step by step. Forward only: expand first, contract later. Every table's primary key begins with the
//! organisation, so that a table can be partitioned or spread by it.

use sea_orm_migration::prelude::*;

mod m20261124_000001_sync_create_tables;
mod m20261124_000002_deliveries_create_tables;
mod m20261124_000003_people_create_invitations;
mod m20261124_000004_devices_lock_data;
mod m20261124_000005_people_prove_themselves;
mod m20261125_000006_sync_create_receipts;
mod m20261126_000007_sync_forgets_within_documents;
mod m20261126_000008_taalhuis_create_tables;
mod m20261126_000009_imports_create_tables;
mod m20261126_000010_taalhuis_tells_norms;
mod m20261126_000011_people_have_codes_and_a_language;
mod m20261127_000012_rows_tell_whom;
mod m20261128_000013_referrals_tell_participations;

/// All steps, in order.
#[derive(Debug)]
pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261124_000001_sync_create_tables::Migration),
            Box::new(m20261124_000002_deliveries_create_tables::Migration),
            Box::new(m20261124_000003_people_create_invitations::Migration),
            Box::new(m20261124_000004_devices_lock_data::Migration),
            Box::new(m20261124_000005_people_prove_themselves::Migration),
            Box::new(m20261125_000006_sync_create_receipts::Migration),
            Box::new(m20261126_000007_sync_forgets_within_documents::Migration),
            Box::new(m20261126_000008_taalhuis_create_tables::Migration),
            Box::new(m20261126_000009_imports_create_tables::Migration),
            Box::new(m20261126_000010_taalhuis_tells_norms::Migration),
            Box::new(m20261126_000011_people_have_codes_and_a_language::Migration),
            Box::new(m20261127_000012_rows_tell_whom::Migration),
            Box::new(m20261128_000013_referrals_tell_participations::Migration),
        ]
    }

    fn migration_table_name() -> DynIden {
        "migrations".into_iden()
    }
}
