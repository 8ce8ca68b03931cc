use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{boolean_null, date_null, text_null};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let columns = [
            text_null("offer"),
            boolean_null("is_formal"),
            date_null("began_on"),
            date_null("finished_on"),
            text_null("end_reason"),
            boolean_null("has_certificate"),
        ];
        for column in columns {
            manager
                .alter_table(Table::alter().table("learner_referrals").add_column(column).to_owned())
                .await?;
        }
        Ok(())
    }
}
