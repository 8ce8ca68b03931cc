use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{integer_null, uuid_null};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in [uuid_null("joined_into"), integer_null("birth_month")] {
            manager.alter_table(Table::alter().table("learners").add_column(column).to_owned()).await?;
        }
        let index = Index::create()
            .name("learners_joined")
            .table("learners")
            .col("organisation_id")
            .col("joined_into")
            .to_owned();
        manager.create_index(index).await
    }
}
