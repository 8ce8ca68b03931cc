use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{integer, string, uuid_null};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let set = Table::alter().table("users").add_column(uuid_null("recovery_set")).to_owned();
        manager.alter_table(set).await?;
        let used = integer("recovery_used").default(0).to_owned();
        manager.alter_table(Table::alter().table("users").add_column(used).to_owned()).await?;
        let language = string("language").default("nl").to_owned();
        manager.alter_table(Table::alter().table("users").add_column(language).to_owned()).await
    }
}
