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
        let columns = [
            ("learners", uuid_null("joined_into")),
            ("learners", integer_null("birth_month")),
            ("signals", uuid_null("reader_id")),
        ];
        for (table, column) in columns {
            manager.alter_table(Table::alter().table(table).add_column(column).to_owned()).await?;
        }
        for (name, table, column) in
            [("learners_joined", "learners", "joined_into"), ("signals_reader", "signals", "reader_id")]
        {
            let index = Index::create().name(name).table(table).col("organisation_id").col(column).to_owned();
            manager.create_index(index).await?;
        }
        Ok(())
    }
}
