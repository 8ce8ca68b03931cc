use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_integer_null, uuid};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let receipts = Table::create()
            .table("receipts")
            .col(uuid("organisation_id"))
            .col(uuid("device_id"))
            .col(uuid("document_id"))
            .col(big_integer("received_at"))
            .col(big_integer_null("dropped_at"))
            .primary_key(Index::create().col("organisation_id").col("device_id").col("document_id"))
            .to_owned();
        manager.create_table(receipts).await
    }
}
