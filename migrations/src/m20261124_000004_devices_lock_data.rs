use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_integer_null, blob, blob_null, boolean, uuid};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let keys = Table::create()
            .table("organisation_keys")
            .col(uuid("organisation_id"))
            .col(uuid("id"))
            .col(blob("public_point"))
            .col(blob("locked_scalar"))
            .col(big_integer("created_at"))
            .primary_key(Index::create().col("organisation_id").col("id"))
            .to_owned();
        let retired = Table::create()
            .table("retired_tokens")
            .col(uuid("organisation_id"))
            .col(uuid("device_id"))
            .col(blob("hash"))
            .col(big_integer("retired_at"))
            .primary_key(Index::create().col("organisation_id").col("device_id").col("hash"))
            .to_owned();
        manager.create_table(keys).await?;
        manager.create_table(retired).await?;
        manager
            .get_connection()
            .execute_unprepared("CREATE INDEX retired_tokens_hash ON retired_tokens (hash);")
            .await?;
        for column in [blob_null("secret_hash"), boolean("signed_out").default(false).to_owned()] {
            manager.alter_table(Table::alter().table("devices").add_column(column).to_owned()).await?;
        }
        for column in [blob_null("totp"), blob_null("totp_begun"), big_integer_null("totp_step")] {
            manager.alter_table(Table::alter().table("users").add_column(column).to_owned()).await?;
        }
        Ok(())
    }
}
