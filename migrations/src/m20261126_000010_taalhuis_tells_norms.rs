use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{boolean_null, date_null, integer, text, uuid};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let key = || Index::create().col("organisation_id").col("file_id").col("place").to_owned();
        let referrals = Table::create()
            .table("learner_referrals")
            .col(uuid("organisation_id"))
            .col(uuid("file_id"))
            .col(integer("place"))
            .col(text("partner"))
            .col(date_null("sent_on"))
            .col(boolean_null("has_arrived"))
            .primary_key(&mut key())
            .to_owned();
        manager.create_table(referrals).await?;
        let requests = Table::create()
            .table("learner_requests")
            .col(uuid("organisation_id"))
            .col(uuid("file_id"))
            .col(integer("place"))
            .col(text("topic"))
            .col(date_null("asked_on"))
            .primary_key(&mut key())
            .to_owned();
        manager.create_table(requests).await
    }
}
