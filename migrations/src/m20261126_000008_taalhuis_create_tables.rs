use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    boolean, date_null, integer, integer_null, text, text_null, uuid, uuid_null,
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

fn learners() -> TableCreateStatement {
    Table::create()
        .table("learners")
        .col(uuid("organisation_id"))
        .col(uuid("id"))
        .col(uuid_null("learner_id"))
        .col(uuid_null("branch_id"))
        .col(text("stage"))
        .col(text("way"))
        .col(date_null("registered_on"))
        .col(date_null("intake_on"))
        .col(date_null("ended_on"))
        .col(text_null("end_reason"))
        .col(text_null("outflow"))
        .col(text_null("wait_reason"))
        .col(text_null("first_language"))
        .col(text_null("gender"))
        .col(integer_null("birth_year"))
        .col(boolean("is_beginner"))
        .primary_key(&mut key(&["organisation_id", "id"]))
        .to_owned()
}

fn facts_of_learners() -> [TableCreateStatement; 2] {
    let levels = Table::create()
        .table("learner_levels")
        .col(uuid("organisation_id"))
        .col(uuid("file_id"))
        .col(integer("place"))
        .col(text("scale"))
        .col(text("skill"))
        .col(text("level"))
        .col(integer("rank"))
        .col(date_null("measured_on"))
        .primary_key(&mut key(&["organisation_id", "file_id", "place"]))
        .to_owned();
    let effects = Table::create()
        .table("learner_effects")
        .col(uuid("organisation_id"))
        .col(uuid("file_id"))
        .col(integer("place"))
        .col(text("topic"))
        .col(text("reached"))
        .col(text("used"))
        .col(date_null("asked_on"))
        .primary_key(&mut key(&["organisation_id", "file_id", "place"]))
        .to_owned();
    [levels, effects]
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let pairings = Table::create()
            .table("pairings")
            .col(uuid("organisation_id"))
            .col(uuid("id"))
            .col(uuid_null("branch_id"))
            .col(uuid_null("learner_id"))
            .col(uuid_null("user_id"))
            .col(text("state"))
            .col(date_null("proposed_on"))
            .col(date_null("met_since"))
            .col(date_null("ended_on"))
            .col(text_null("end_reason"))
            .primary_key(&mut key(&["organisation_id", "id"]))
            .to_owned();
        let sessions = Table::create()
            .table("learning_sessions")
            .col(uuid("organisation_id"))
            .col(uuid("source_id"))
            .col(uuid("id"))
            .col(uuid_null("branch_id"))
            .col(text("kind"))
            .col(uuid_null("user_id"))
            .col(date_null("held_on"))
            .col(integer("minutes"))
            .col(integer("learners"))
            .primary_key(&mut key(&["organisation_id", "source_id", "id"]))
            .to_owned();
        let [levels, effects] = facts_of_learners();
        for table in [learners(), levels, effects, pairings, sessions] {
            manager.create_table(table).await?;
        }
        for (name, table, column) in [
            ("pairings_learner", "pairings", "learner_id"),
            ("learning_sessions_day", "learning_sessions", "held_on"),
            ("learners_learner", "learners", "learner_id"),
        ] {
            let index = Index::create()
                .name(name)
                .table(table)
                .col("organisation_id")
                .col(column.to_owned())
                .to_owned();
            manager.create_index(index).await?;
        }
        Ok(())
    }
}
