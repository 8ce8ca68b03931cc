use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, text, uuid};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let headings = Table::create()
            .table("import_headings")
            .col(uuid("organisation_id"))
            .col(text("target"))
            .col(text("heading"))
            .col(text("field"))
            .primary_key(Index::create().col("organisation_id").col("target").col("heading"))
            .to_owned();
        manager.create_table(headings).await?;
        let imports = Table::create()
            .table("imports")
            .col(uuid("organisation_id"))
            .col(uuid("id"))
            .col(text("target"))
            .col(uuid("branch_id"))
            .col(big_integer("taken"))
            .col(big_integer("at"))
            .primary_key(Index::create().col("organisation_id").col("id"))
            .to_owned();
        manager.create_table(imports).await
    }
}
