use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_integer_null, blob, string, string_null, text, uuid};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let passkeys = Table::create()
            .table("passkeys")
            .col(uuid("organisation_id"))
            .col(uuid("user_id"))
            .col(uuid("id"))
            .col(blob("credential"))
            .col(string("name"))
            .col(text("public_key"))
            .col(big_integer("created_at"))
            .col(big_integer_null("used_at"))
            .primary_key(Index::create().col("organisation_id").col("user_id").col("id"))
            .to_owned();
        let ceremonies = Table::create()
            .table("ceremonies")
            .col(uuid("organisation_id"))
            .col(uuid("id"))
            .col(string("kind"))
            .col(text("state"))
            .col(big_integer("expires_at"))
            .primary_key(Index::create().col("organisation_id").col("id"))
            .to_owned();
        let settings = Table::create()
            .table("settings")
            .col(uuid("organisation_id"))
            .col(string("key"))
            .col(text("value"))
            .primary_key(Index::create().col("organisation_id").col("key"))
            .to_owned();
        let switches = Table::create()
            .table("mail_switches")
            .col(uuid("organisation_id"))
            .col(uuid("user_id"))
            .col(string("kind"))
            .col(blob("secret_hash"))
            .col(big_integer_null("off_at"))
            .primary_key(Index::create().col("organisation_id").col("user_id").col("kind"))
            .to_owned();
        let reminders = Table::create()
            .table("reminders")
            .col(uuid("organisation_id"))
            .col(uuid("user_id"))
            .col(string("about"))
            .col(big_integer("sent_at"))
            .primary_key(Index::create().col("organisation_id").col("user_id").col("about"))
            .to_owned();
        for table in [passkeys, ceremonies, settings, switches, reminders] {
            manager.create_table(table).await?;
        }
        manager
            .get_connection()
            .execute_unprepared(
                "CREATE UNIQUE INDEX passkeys_credential ON passkeys (credential); \
                 CREATE INDEX mail_switches_secret ON mail_switches (secret_hash);",
            )
            .await?;
        let proven = Table::alter().table("devices").add_column(big_integer_null("proven_at")).to_owned();
        manager.alter_table(proven).await?;
        let employer = Table::alter().table("memberships").add_column(string_null("employer")).to_owned();
        manager.alter_table(employer).await?;
        let kind = string("kind").default("branch").to_owned();
        manager.alter_table(Table::alter().table("branches").add_column(kind).to_owned()).await
    }
}
