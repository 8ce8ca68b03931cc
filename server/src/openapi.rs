//! The OpenAPI document: every route, every command body, every problem. The shapes of the exchange are spelt out here for
//! JSON, since the code reads a command only when it knows its kind.

use std::fmt::Write as _;

use axum::Json;
use axum::response::{Html, IntoResponse, Response};
use serde_json::{Value, json};
use sync_core::problem::ProblemKind;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi, ToSchema};
use uuid::Uuid;

use crate::problem::title;

/// One command. `kind` says which of the command schemas `body` is.
#[derive(ToSchema)]
#[schema(as = Command)]
#[expect(dead_code, reason = "only its schema is used")]
pub(crate) struct EnvelopeSchema {
    /// A fresh UUIDv7: sent again, the first answer comes again.
    id: Uuid,
    /// The document, or a fresh UUIDv7 for a command that makes one.
    document: Uuid,
    /// Which command: the key in `x-commands`.
    #[schema(example = "log_delivery")]
    kind: String,
    /// When the person acted, milliseconds since 1970 UTC.
    at: i64,
    /// The command itself, of the schema of its kind in `x-commands`.
    body: Value,
}

/// What a program sends. It may leave out what only a program that keeps documents knows (`base_heads`, `after`,
/// `actor`, `seq`, `expected_hash` of a command).
#[derive(ToSchema)]
#[schema(as = SyncRequest)]
#[expect(dead_code, reason = "only its schema is used")]
pub(crate) struct SyncRequestSchema {
    /// 1.
    #[schema(example = 1)]
    protocol: u32,
    /// From the answer to the sign-in.
    device_id: Uuid,
    /// From the last answer; left out the first time.
    cursor: Option<String>,
    /// What was done, in order; at most 500.
    commands: Option<Vec<EnvelopeSchema>>,
    /// Documents to be sent whole.
    refetch: Option<Vec<Uuid>>,
    /// The most documents in the answer; 500 if left out.
    want: Option<u32>,
}

/// The hash of a change, base64.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only its schema is used")]
pub(crate) struct HashSchema {
    hash: String,
}

/// Why a command was refused.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only its schema is used")]
pub(crate) struct RefusalSchema {
    /// A slug of `x-problems`.
    #[schema(example = "round-cancelled")]
    problem: String,
    /// In words, Dutch.
    title: String,
    /// What it is about; never personal data.
    detail: String,
}

/// The answer to one command: exactly one of `accepted`, `replaced` and `refused`.
#[derive(ToSchema)]
#[schema(as = CommandResult)]
#[expect(dead_code, reason = "only its schema is used")]
pub(crate) struct ResultSchema {
    id: Uuid,
    accepted: Option<HashSchema>,
    replaced: Option<HashSchema>,
    refused: Option<RefusalSchema>,
}

/// A document that is new or changed for this person.
#[derive(ToSchema)]
#[schema(as = DocumentNews)]
#[expect(dead_code, reason = "only its schema is used")]
pub(crate) struct DocumentSchema {
    id: Uuid,
    #[schema(example = "round")]
    kind: String,
    /// Its row in a list, of the schema of its kind in `x-documents`.
    summary: Value,
    /// Whether `bytes` are all of it.
    whole: bool,
    /// Automerge, base64.
    bytes: String,
    heads: Vec<String>,
    /// The whole document as plain data, of the schema of its kind in `x-documents`.
    content: Option<Value>,
}

/// What a program gets.
#[derive(ToSchema)]
#[schema(as = SyncResponse)]
#[expect(dead_code, reason = "only its schema is used")]
pub(crate) struct SyncResponseSchema {
    /// For the next request.
    cursor: String,
    /// Whether there is more: ask again at once.
    more: bool,
    /// Whether to forget all documents: they come anew.
    resync: Option<bool>,
    results: Option<Vec<ResultSchema>>,
    documents: Option<Vec<DocumentSchema>>,
    /// Documents this person may no longer hold.
    dropped: Option<Vec<Uuid>>,
    /// How many days the data may be used without contact.
    lease_days: u16,
    notices: Option<Vec<NoticeSchema>>,
}

/// Something a person should know beside the documents. A kind that a program does not know is passed over.
#[derive(ToSchema)]
#[schema(as = Notice)]
#[expect(dead_code, reason = "only its schema is used")]
pub(crate) struct NoticeSchema {
    /// `update_needed`: the program speaks too old a protocol and gets no documents. `round_ready`: for who rides it, all of this
    /// round is in this answer and those before. `round_not_fetched`: for who coordinates, a rider of this round of today, or after
    /// four in the afternoon of tomorrow, has no device with all of it; each answer tells them all.
    kind: NoticeKindSchema,
    /// The document it is about.
    document: Option<Uuid>,
}

/// The kinds of notice.
#[derive(ToSchema)]
#[schema(as = NoticeKind, rename_all = "snake_case")]
#[expect(dead_code, reason = "only its schema is used")]
pub(crate) enum NoticeKindSchema {
    UpdateNeeded,
    RoundReady,
    RoundNotFetched,
}

macro_rules! command_schemas {
    ($($kind:literal => $type:ty),+ $(,)?) => {
        /// The document without the routes.
        #[derive(OpenApi)]
        #[openapi(
            info(title = "Noaber", description = "Home delivery, Taalhuis, IDO and volunteers of public libraries. \
                Sign in at /api/sign-in, then exchange everything at /api/sync."),
            modifiers(&Bearer),
            components(schemas(
                $($type,)+ BranchView, TeamView, ReaderView, RoundView, SignalView, ReaderRow, RoundRow, SignalRow,
                VolunteerView, VolunteerFileView, VolunteerFileRow, LearnerView, LearnerRow, LearnerFileView, LearnerFileRow,
                PairingView, PairingRow, GroupView, GroupRow, TaalhuisView
            ))
        )]
        pub struct ApiDoc;

        /// Every command with the name of its schema.
        pub const COMMANDS: &[(&str, &str)] = &[$(($kind, stringify!($type))),+];
    };
}

use sync_core::deliveries::view::{ReaderView, RoundView, SignalView};
use sync_core::deliveries::{
    AddStop, AssignRound, CancelRound, ChangeReader, ChangeStop, EraseReader, LogDelivery, MoveRound,
    OrderRound, PlanRound, RaiseSignal, RecordKilometres, RegisterReader, RemoveStop, SetReaderStatus,
    SettleSignal, WithdrawDeliveryLog,
};
use sync_core::organisation::view::{BranchView, TeamView};
use sync_core::organisation::{DescribeBranch, EndMember, EnrolMember};
use sync_core::summary::{ReaderRow, RoundRow, SignalRow};
use sync_core::taalhuis::rows::{GroupRow, LearnerFileRow, LearnerRow, PairingRow};
use sync_core::taalhuis::view::{GroupView, LearnerFileView, LearnerView, PairingView, TaalhuisView};
use sync_core::taalhuis::{
    AddRequest, AllowSeveral, AnswerIntake, AnswerLearner, AnswerReferral, BeginParticipation, BlockPair,
    ChangeGroup, CheckPairing, ConfigureTaalhuis, DescribeNorm, EndGroup, EndLearner, EndParticipation,
    EraseLearner, EvaluateRequest, ExplainWaiting, FinishIntake, HandOver, LogSession, MovePairing,
    NoteContact, OpenLearnerFile, PlanGroup, ProposePairing, RecordConsent, RecordLevel, RecordMeeting,
    ReferLearner, RegisterLearner, ResumeLearner, SetGroupBuddy, SetGroupMember, SettleDouble, WithdrawFact,
    WithdrawMeeting, WithdrawSession,
};
use sync_core::volunteers::view::{VolunteerFileRow, VolunteerFileView, VolunteerView};
use sync_core::volunteers::{DescribeVolunteer, EraseVolunteer, NoteTalk, NoteTraining, RecordVog};

command_schemas! {
    "describe_branch" => DescribeBranch,
    "enrol_member" => EnrolMember,
    "end_member" => EndMember,
    "register_reader" => RegisterReader,
    "change_reader" => ChangeReader,
    "set_reader_status" => SetReaderStatus,
    "erase_reader" => EraseReader,
    "plan_round" => PlanRound,
    "assign_round" => AssignRound,
    "move_round" => MoveRound,
    "cancel_round" => CancelRound,
    "add_stop" => AddStop,
    "change_stop" => ChangeStop,
    "remove_stop" => RemoveStop,
    "log_delivery" => LogDelivery,
    "withdraw_delivery_log" => WithdrawDeliveryLog,
    "order_round" => OrderRound,
    "record_kilometres" => RecordKilometres,
    "raise_signal" => RaiseSignal,
    "settle_signal" => SettleSignal,
    "describe_volunteer" => DescribeVolunteer,
    "erase_volunteer" => EraseVolunteer,
    "record_vog" => RecordVog,
    "note_training" => NoteTraining,
    "note_talk" => NoteTalk,
    "register_learner" => RegisterLearner,
    "answer_learner" => AnswerLearner,
    "record_consent" => RecordConsent,
    "erase_learner" => EraseLearner,
    "open_learner_file" => OpenLearnerFile,
    "answer_intake" => AnswerIntake,
    "finish_intake" => FinishIntake,
    "explain_waiting" => ExplainWaiting,
    "end_learner" => EndLearner,
    "resume_learner" => ResumeLearner,
    "settle_double" => SettleDouble,
    "allow_several" => AllowSeveral,
    "block_pair" => BlockPair,
    "record_level" => RecordLevel,
    "add_request" => AddRequest,
    "evaluate_request" => EvaluateRequest,
    "note_contact" => NoteContact,
    "refer_learner" => ReferLearner,
    "answer_referral" => AnswerReferral,
    "begin_participation" => BeginParticipation,
    "end_participation" => EndParticipation,
    "withdraw_fact" => WithdrawFact,
    "propose_pairing" => ProposePairing,
    "move_pairing" => MovePairing,
    "log_session" => LogSession,
    "withdraw_session" => WithdrawSession,
    "check_pairing" => CheckPairing,
    "hand_over" => HandOver,
    "plan_group" => PlanGroup,
    "change_group" => ChangeGroup,
    "set_group_member" => SetGroupMember,
    "set_group_buddy" => SetGroupBuddy,
    "record_meeting" => RecordMeeting,
    "withdraw_meeting" => WithdrawMeeting,
    "end_group" => EndGroup,
    "configure_taalhuis" => ConfigureTaalhuis,
    "describe_norm" => DescribeNorm,
}

/// Every kind of document with the names of the schemas of its content and of its row in a list.
const DOCUMENTS: &[(&str, &str, &str)] = &[
    ("branch", "BranchView", "BranchView"),
    ("team", "TeamView", "TeamView"),
    ("reader", "ReaderView", "ReaderRow"),
    ("round", "RoundView", "RoundRow"),
    ("signal", "SignalView", "SignalRow"),
    ("volunteer", "VolunteerView", "VolunteerView"),
    ("volunteer_file", "VolunteerFileView", "VolunteerFileRow"),
    ("learner", "LearnerView", "LearnerRow"),
    ("learner_file", "LearnerFileView", "LearnerFileRow"),
    ("pairing", "PairingView", "PairingRow"),
    ("group", "GroupView", "GroupRow"),
    ("taalhuis", "TaalhuisView", "TaalhuisView"),
];

struct Bearer;

impl Modify for Bearer {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        openapi.components.get_or_insert_default().add_security_scheme(
            "bearer",
            SecurityScheme::Http(
                HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build(),
            ),
        );
    }
}

/// The whole document: the routes, with the lists of commands and problems.
pub fn document(routes: &utoipa::openapi::OpenApi) -> Result<Value, serde_json::Error> {
    let mut document = serde_json::to_value(routes)?;
    let commands: serde_json::Map<String, Value> = COMMANDS
        .iter()
        .map(|(kind, schema)| {
            let schema = json!({ "$ref": format!("#/components/schemas/{schema}") });
            let example = example(&document, &schema);
            ((*kind).to_owned(), json!({ "$ref": schema["$ref"], "example": example }))
        })
        .collect();
    let documents: serde_json::Map<String, Value> = DOCUMENTS
        .iter()
        .map(|(kind, content, row)| {
            let schema = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
            ((*kind).to_owned(), json!({ "content": schema(content), "summary": schema(row) }))
        })
        .collect();
    let problems: serde_json::Map<String, Value> = ProblemKind::ALL
        .iter()
        .map(|kind| (kind.slug().to_owned(), json!({ "status": kind.status(), "title": title(*kind) })))
        .collect();
    document["x-commands"] = Value::Object(commands);
    document["x-documents"] = Value::Object(documents);
    document["x-problems"] = Value::Object(problems);
    Ok(document)
}

/// An example of this schema, with everything that it can hold.
fn example(document: &Value, schema: &Value) -> Value {
    if let Some(name) = schema["$ref"].as_str().and_then(|name| name.rsplit('/').next()) {
        return example(document, &document["components"]["schemas"][name]);
    }
    if !schema["example"].is_null() {
        return schema["example"].clone();
    }
    if let Some(value) = schema["enum"].get(0) {
        return value.clone();
    }
    let choices = schema["oneOf"].as_array().or(schema["anyOf"].as_array());
    if let Some(choice) = choices.and_then(|all| all.iter().find(|choice| choice["type"] != json!("null"))) {
        return example(document, choice);
    }
    let kind = schema["type"].as_str().or(schema["type"][0].as_str()).unwrap_or("object");
    match (kind, schema["format"].as_str()) {
        ("string", Some("uuid")) => json!("01a1ee19-5500-7a2b-ac07-82ff12e97c0b"),
        ("string", Some("date")) => json!("2026-12-01"),
        ("string", _) => json!("tekst"),
        ("integer" | "number", _) => json!(1),
        ("boolean", _) => json!(true),
        ("array", _) => json!([example(document, &schema["items"])]),
        _ => {
            let fields = schema["properties"].as_object().into_iter().flatten();
            fields.map(|(name, field)| (name.clone(), example(document, field))).collect()
        }
    }
}

/// `/api/openapi.json`.
pub(crate) fn json(document: &Value) -> Response {
    Json(document.clone()).into_response()
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// `/api/docs`: the same, for people; no script, nothing from elsewhere.
pub(crate) fn page(document: &Value) -> Html<String> {
    let mut html = String::from(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Noaber API</title>\
         <link rel=\"stylesheet\" href=\"/api/docs.css\"><main><h1>Noaber API</h1>\
         <p>The same in machine form: <a href=\"/api/openapi.json\">/api/openapi.json</a>.</p><h2>Addresses</h2>",
    );
    let empty = serde_json::Map::new();
    for (path, methods) in document["paths"].as_object().unwrap_or(&empty) {
        for (method, about) in methods.as_object().unwrap_or(&empty) {
            let text = about["summary"].as_str().or(about["description"].as_str()).unwrap_or_default();
            // Writing to a String cannot fail, here and below.
            let _ = write!(
                html,
                "<section><h3><code>{} {}</code></h3><p>{}</p></section>",
                method.to_uppercase(),
                escape(path),
                escape(text)
            );
        }
    }
    html.push_str("<h2>Commands</h2>");
    for (kind, schema) in COMMANDS {
        let about = &document["components"]["schemas"][*schema];
        let shape = serde_json::to_string_pretty(about).unwrap_or_default();
        let _ = write!(
            html,
            "<section><h3><code>{kind}</code></h3><p>{}</p><details><summary>Body</summary><pre>{}</pre></details></section>",
            escape(about["description"].as_str().unwrap_or_default()),
            escape(&shape)
        );
    }
    html.push_str("<h2>Problems</h2><table><tr><th>Type</th><th>Status</th><th>In words</th></tr>");
    for kind in ProblemKind::ALL {
        let _ = write!(
            html,
            "<tr><td><code>/problems/{}</code></td><td>{}</td><td>{}</td></tr>",
            kind.slug(),
            kind.status(),
            escape(title(*kind))
        );
    }
    html.push_str("</table></main></html>");
    Html(html)
}

/// An example of every command, as the document gives it.
#[must_use]
pub fn examples() -> Vec<(&'static str, Value)> {
    let document = document(&ApiDoc::openapi()).unwrap_or_default();
    sync_core::command::Command::kinds()
        .into_iter()
        .map(|kind| (kind, document["x-commands"][kind]["example"].clone()))
        .collect()
}

#[cfg(test)]
mod tests {
    use sync_core::document::DocumentKind;
    use sync_core::sync::packed::Packed;

    use super::*;

    #[test]
    fn every_command_has_its_schema_in_the_document() {
        let listed: Vec<&str> = COMMANDS.iter().map(|(kind, _)| *kind).collect();
        assert_eq!(listed, sync_core::command::Command::kinds());
        let document = document(&ApiDoc::openapi()).unwrap();
        for (kind, schema) in COMMANDS {
            assert!(document["components"]["schemas"][*schema].is_object(), "{kind} has no schema");
        }
    }

    #[test]
    fn every_command_has_an_example_that_reads_as_that_command() {
        let document = document(&ApiDoc::openapi()).unwrap();
        for kind in sync_core::command::Command::kinds() {
            let example = document["x-commands"][kind]["example"].clone();
            let read = sync_core::command::Command::read(kind, &Packed::Json(example.clone()));
            assert!(read.is_ok(), "{kind}: {example} {read:?}");
        }
    }

    #[test]
    fn every_kind_of_document_has_its_schemas() {
        let listed: Vec<&str> = DOCUMENTS.iter().map(|(kind, _, _)| *kind).collect();
        let kinds: Vec<&str> = DocumentKind::ALL.iter().map(|kind| kind.as_str()).collect();
        assert_eq!(listed, kinds);
    }
}
