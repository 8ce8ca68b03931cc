use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, blob, blob_null, integer, integer_null, text, text_null, uuid, uuid_null,
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let invitations = Table::create()
            .table("invitations")
            .col(uuid("organisation_id"))
            .col(uuid("id"))
            .col(uuid("user_id"))
            .col(uuid("by_user_id"))
            .col(text("way"))
            .col(blob("secret_hash"))
            .col(big_integer("created_at"))
            .col(big_integer("expires_at"))
            .col(text_null("device_name"))
            .col(blob_null("join_hash"))
            .col(integer_null("digits"))
            .col(big_integer_null("confirmed_at"))
            .col(big_integer_null("used_at"))
            .primary_key(Index::create().col("organisation_id").col("id"))
            .to_owned();
        let mails = Table::create()
            .table("mails")
            .col(uuid("organisation_id"))
            .col(uuid("id"))
            .col(uuid_null("user_id"))
            .col(text("address"))
            .col(text("kind"))
            .col(text("subject"))
            .col(text("body"))
            .col(big_integer("created_at"))
            .col(big_integer("next_try_at"))
            .col(integer("tries"))
            .col(big_integer_null("sent_at"))
            .col(big_integer_null("dead_at"))
            .primary_key(Index::create().col("organisation_id").col("id"))
            .to_owned();
        manager.create_table(invitations).await?;
        manager.create_table(mails).await?;
        for (table, column) in [
            ("users", big_integer_null("ended_at")),
            ("audit", big_integer_null("number")),
            ("audit", blob_null("hash")),
        ] {
            manager.alter_table(Table::alter().table(table).add_column(column).to_owned()).await?;
        }
        // The same text on both engines. Who has no address signs in with a code; an address belongs to one account.
        manager
            .get_connection()
            .execute_unprepared(
                "CREATE INDEX invitations_secret ON invitations (secret_hash);
                 CREATE INDEX invitations_join ON invitations (join_hash);
                 CREATE INDEX mails_waiting ON mails (next_try_at) WHERE sent_at IS NULL AND dead_at IS NULL;
                 CREATE UNIQUE INDEX audit_number ON audit (organisation_id, number);
                 DROP INDEX users_email;
                 CREATE UNIQUE INDEX users_email ON users (email) WHERE email <> '';",
            )
            .await?;
        Ok(())
    }
}
