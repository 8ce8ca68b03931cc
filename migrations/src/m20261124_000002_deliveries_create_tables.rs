use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, boolean, date_null, integer, integer_null, text, text_null, uuid, uuid_null,
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

fn key(columns: &[&str]) -> IndexCreateStatement {
    let mut key = Index::create();
    for column in columns {
        key.col((*column).to_owned());
    }
    key
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let readers = Table::create()
            .table("readers")
            .col(uuid("organisation_id"))
            .col(uuid("id"))
            .col(uuid_null("branch_id"))
            .col(text("status"))
            .col(text("frequency"))
            .primary_key(&mut key(&["organisation_id", "id"]))
            .to_owned();
        let rounds = Table::create()
            .table("rounds")
            .col(uuid("organisation_id"))
            .col(uuid("id"))
            .col(uuid_null("branch_id"))
            .col(text("name"))
            .col(date_null("planned_on"))
            .col(text("state"))
            .col(integer("stops"))
            .col(integer("done"))
            .primary_key(&mut key(&["organisation_id", "id"]))
            .to_owned();
        let logs = Table::create()
            .table("delivery_logs")
            .col(uuid("organisation_id"))
            .col(uuid("round_id"))
            .col(uuid("id"))
            .col(uuid("stop_id"))
            .col(uuid_null("reader_id"))
            .col(uuid_null("user_id"))
            .col(text_null("outcome"))
            .col(big_integer("logged_at"))
            .col(integer_null("items_out"))
            .col(integer_null("items_in"))
            .col(boolean("counts"))
            .primary_key(&mut key(&["organisation_id", "round_id", "id"]))
            .to_owned();
        let distances = Table::create()
            .table("round_distances")
            .col(uuid("organisation_id"))
            .col(uuid("round_id"))
            .col(uuid("user_id"))
            .col(integer("metres"))
            .primary_key(&mut key(&["organisation_id", "round_id", "user_id"]))
            .to_owned();
        let signals = Table::create()
            .table("signals")
            .col(uuid("organisation_id"))
            .col(uuid("id"))
            .col(uuid_null("branch_id"))
            .col(text("kind"))
            .col(text("state"))
            .col(big_integer("raised_at"))
            .primary_key(&mut key(&["organisation_id", "id"]))
            .to_owned();
        for table in [readers, rounds, logs, distances, signals] {
            manager.create_table(table).await?;
        }
        let by_day = Index::create()
            .name("rounds_day")
            .table("rounds")
            .col("organisation_id")
            .col("branch_id")
            .col("planned_on")
            .to_owned();
        manager.create_index(by_day).await
    }
}
