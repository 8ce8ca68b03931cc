use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{boolean, uuid};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let vouched = boolean("vouched").default(false).to_owned();
        manager.alter_table(Table::alter().table("devices").add_column(vouched).to_owned()).await?;
        let forgettings = Table::create()
            .table("forgettings")
            .col(uuid("organisation_id"))
            .col(uuid("document_id"))
            .col(uuid("about_id"))
            .primary_key(Index::create().col("organisation_id").col("document_id").col("about_id"))
            .to_owned();
        manager.create_table(forgettings).await
    }
}
