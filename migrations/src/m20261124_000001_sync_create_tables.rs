use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, blob, blob_null, boolean, integer, text, text_null, uuid, uuid_null,
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

fn keyed(table: &str, keys: &[&str], columns: Vec<ColumnDef>) -> TableCreateStatement {
    let mut create = Table::create();
    create.table(table.to_owned()).col(uuid("organisation_id"));
    for column in columns {
        create.col(column);
    }
    let mut key = Index::create();
    key.col("organisation_id");
    for name in keys {
        key.col((*name).to_owned());
    }
    create.primary_key(&mut key).to_owned()
}

fn index(name: &str, table: &str, columns: &[&str]) -> IndexCreateStatement {
    let mut create = Index::create();
    create.name(name.to_owned()).table(table.to_owned());
    for column in columns {
        create.col((*column).to_owned());
    }
    create
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        // Without this SQLite would keep half of a failed step.
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        people(manager).await?;
        documents(manager).await
    }
}

async fn people(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let organisations = Table::create()
        .table("organisations")
        .col(uuid("id").primary_key())
        .col(text("name"))
        .col(big_integer("feed"))
        .col(big_integer("generation"))
        .to_owned();
    manager.create_table(organisations).await?;
    manager
        .create_table(keyed("branches", &["id"], vec![uuid("id"), text("name"), text("municipality")]))
        .await?;
    manager
        .create_table(keyed(
            "users",
            &["id"],
            vec![
                uuid("id"),
                text("email"),
                text("name"),
                text("password_hash"),
                big_integer("epoch"),
                big_integer("created_at"),
            ],
        ))
        .await?;
    // One address signs in to one account, whatever the organisation.
    manager.create_index(index("users_email", "users", &["email"]).unique().to_owned()).await?;
    manager
        .create_table(keyed(
            "memberships",
            &["user_id", "branch_id", "role"],
            vec![
                uuid("user_id"),
                uuid("branch_id"),
                text("role"),
                text_null("from_on"),
                text_null("until_on"),
            ],
        ))
        .await?;
    manager
        .create_table(keyed(
            "devices",
            &["id"],
            vec![
                uuid("id"),
                uuid("user_id"),
                text("name"),
                blob("refresh_hash"),
                blob_null("previous_hash"),
                big_integer("created_at"),
                big_integer("refreshed_at"),
                big_integer("last_contact_at"),
                big_integer_null("revoked_at"),
            ],
        ))
        .await?;
    manager.create_index(index("devices_refresh", "devices", &["refresh_hash"])).await?;
    manager.create_index(index("devices_previous", "devices", &["previous_hash"])).await?;
    manager
        .create_table(keyed(
            "sign_in_tries",
            &["key"],
            vec![blob("key"), integer("failures"), big_integer("last_at")],
        ))
        .await
}

async fn documents(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(keyed(
            "documents",
            &["id"],
            vec![
                uuid("id"),
                text("kind"),
                uuid_null("branch_id"),
                blob("snapshot"),
                big_integer("snapshot_feed"),
                big_integer("tail_from"),
                integer("tail"),
                blob("heads"),
                blob("summary"),
                big_integer("size"),
                big_integer("created_feed"),
                big_integer("feed"),
                boolean("erased"),
            ],
        ))
        .await?;
    manager.create_index(index("documents_feed", "documents", &["organisation_id", "feed"])).await?;
    manager
        .create_table(keyed(
            "changes",
            &["document_id", "feed", "place"],
            vec![uuid("document_id"), big_integer("feed"), integer("place"), blob("hash"), blob("bytes")],
        ))
        .await?;
    manager
        .create_table(keyed(
            "commands",
            &["id"],
            vec![
                uuid("id"),
                uuid("document_id"),
                uuid("device_id"),
                uuid("user_id"),
                uuid_null("branch_id"),
                text("kind"),
                blob("verdict"),
                text_null("problem"),
                blob_null("body"),
                big_integer("acted_at"),
                big_integer("received_at"),
                big_integer_null("settled_at"),
            ],
        ))
        .await?;
    manager
        .create_index(index("commands_problem", "commands", &["organisation_id", "branch_id", "problem"]))
        .await?;
    grants(manager).await?;
    audit(manager).await
}

async fn grants(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(keyed(
            "grants",
            &["document_id", "audience", "source_id"],
            vec![
                uuid("document_id"),
                text("audience"),
                uuid("source_id"),
                big_integer_null("starts_at"),
                big_integer_null("ends_at"),
                big_integer_null("granted_feed"),
                big_integer_null("revoked_feed"),
            ],
        ))
        .await?;
    for (name, columns) in [
        ("grants_granted", ["organisation_id", "audience", "granted_feed"]),
        ("grants_revoked", ["organisation_id", "audience", "revoked_feed"]),
    ] {
        manager.create_index(index(name, "grants", &columns)).await?;
    }
    manager.create_index(index("grants_source", "grants", &["organisation_id", "source_id"])).await?;
    // What the clock still has to start or end; the same text on both engines.
    manager
        .get_connection()
        .execute_unprepared(
            "CREATE INDEX grants_to_start ON grants (organisation_id, starts_at) WHERE granted_feed IS NULL;
             CREATE INDEX grants_to_end ON grants (organisation_id, ends_at)
             WHERE granted_feed IS NOT NULL AND revoked_feed IS NULL AND ends_at IS NOT NULL;",
        )
        .await?;
    Ok(())
}

async fn audit(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(keyed(
            "audit",
            &["id"],
            vec![
                uuid("id"),
                big_integer("at"),
                uuid_null("user_id"),
                uuid_null("device_id"),
                text("act"),
                uuid_null("document_id"),
                uuid_null("command_id"),
                text_null("problem"),
            ],
        ))
        .await
}
