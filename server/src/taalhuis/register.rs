//! The public page on which somebody registers, or is registered by somebody who refers. A name and a telephone number are enough. It
//! needs no script but for reading aloud, and works on any old phone.
//!
//! Nothing that a person sends is dropped: who fills in the field that only programs see is asked once more; a likely double is shown to a
//! coordinator beside the other.

use std::collections::BTreeMap;

use axum::extract::rejection::{FormRejection, PathRejection, QueryRejection};
use axum::extract::{Form, Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse as _, Response};
use maud::{DOCTYPE, Markup, html};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde::Deserialize;
use sync_core::access::{Membership, Person, Role};
use sync_core::command::{Act, Command};
use sync_core::document::Document;
use sync_core::ids::{BranchId, CommandId, DeviceId, LearnerId, OrganisationId, UserId};
use sync_core::problem::ProblemKind;
use sync_core::questions::Answers;
use sync_core::summary::Summary;
use sync_core::sync::message::{Envelope, Verdict};
use sync_core::sync::packed::Packed;
use sync_core::taalhuis::{OpenLearnerFile, RegisterLearner, WayIn};
use sync_core::time::Timestamp;
use unicode_normalization::UnicodeNormalization as _;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use words::{PUBLIC, Words, public};

use crate::app_state::AppState;
use crate::audit;
use crate::auth::address::ClientAddress;
use crate::auth::{fresh_id, tries};
use crate::problem::Problem;
use crate::sync::apply::Batch;
use crate::sync::entity::{branch, document};

/// In which language.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub(super) struct Language {
    /// `nl`, `en`, `ar`, `ti` or `uk`.
    taal: String,
}

/// The languages of the page, as their readers call them.
const LANGUAGES: [(&str, &str); 5] =
    [("nl", "Nederlands"), ("en", "English"), ("ar", "العربية"), ("ti", "ትግርኛ"), ("uk", "Українська")];

/// The texts of the page in one language.
#[derive(Clone, Copy)]
struct Texts(&'static str);

impl Texts {
    /// In the language with this code; Dutch when there is none.
    fn of(code: &str) -> Self {
        Self(PUBLIC.iter().copied().find(|known| *known == code).unwrap_or("nl"))
    }

    fn get(self, key: &str) -> &'static str {
        public(self.0, key).unwrap_or_default()
    }

    /// A text in which one thing is filled in.
    fn with(self, key: &str, name: &str, value: &str) -> String {
        self.get(key).replace(&format!("{{{name}}}"), value)
    }

    /// What is wrong; only the languages of the whole house know each problem apart.
    fn problem(self, kind: ProblemKind) -> &'static str {
        let known = Words::parse(self.0).and_then(|words| words.by_key(&format!("problem-{}", kind.slug())));
        known.unwrap_or_else(|| self.get("register-problem"))
    }
}

/// What was filled in.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub(super) struct Registration {
    taal: String,
    naam: String,
    achternaam: String,
    telefoon: String,
    wens: String,
    /// `ik` or `iemand`.
    voor: String,
    organisatie: String,
    aanmelder: String,
    aanmelder_telefoon: String,
    /// A field that people do not see.
    website: String,
    /// Whoever filled that in was asked and said to be a person.
    mens: String,
}

/// A Taalhuis that is open for this.
struct Open {
    organisation: OrganisationId,
    branch: BranchId,
    name: String,
    phone: String,
}

/// The Taalhuis with this id, when people can register there.
async fn open(state: &AppState, id: Uuid) -> Result<Option<Open>, Problem> {
    let db = &state.db.read;
    let Some(row) = branch::Entity::find().filter(branch::Column::Id.eq(id)).one(db).await? else {
        return Ok(None);
    };
    let branch = BranchId(id);
    let summary = async |document: Uuid| -> Result<Option<Summary>, Problem> {
        let found = document::Entity::find_by_id((row.organisation_id, document)).one(db).await?;
        Ok(found.and_then(|found| Summary::unpack(&found.kind, &Packed::Cbor(found.summary))))
    };
    let is_open = matches!(summary(branch.taalhuis_document().0).await?, Some(Summary::Taalhuis(house)) if house.is_open);
    let phone = match summary(branch.branch_document().0).await? {
        Some(Summary::Branch(view)) => view.phone,
        _ => String::new(),
    };
    Ok(is_open.then_some(Open {
        organisation: OrganisationId(row.organisation_id),
        branch,
        name: row.name,
        phone,
    }))
}

/// The page on which somebody registers at a Taalhuis.
#[utoipa::path(get, path = "/aanmelden/{taalhuis}", tag = "taalhuis", params(("taalhuis" = Uuid, Path), Language),
    responses((status = 200, body = String, content_type = "text/html"), (status = 404, body = String, content_type = "text/html")))]
pub(super) async fn page(
    State(state): State<AppState>,
    id: Result<Path<Uuid>, PathRejection>,
    language: Result<Query<Language>, QueryRejection>,
) -> Result<Response, Problem> {
    let texts = Texts::of(&language.map(|Query(language)| language.taal).unwrap_or_default());
    let Some(open) = (match id {
        Ok(Path(id)) => open(&state, id).await?,
        Err(_) => None,
    }) else {
        return Ok(closed(texts));
    };
    Ok(Html(form(texts, &open, &Registration::default(), None).into_string()).into_response())
}

/// Takes a registration, of a person or by a referrer.
#[utoipa::path(post, path = "/aanmelden/{taalhuis}", tag = "taalhuis", params(("taalhuis" = Uuid, Path)),
    request_body(content = Registration, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, body = String, content_type = "text/html"), (status = "4XX", body = String, content_type = "text/html")))]
pub(super) async fn send(
    State(state): State<AppState>,
    ClientAddress(address): ClientAddress,
    id: Result<Path<Uuid>, PathRejection>,
    body: Result<Form<Registration>, FormRejection>,
) -> Result<Response, Problem> {
    let sent = body.map(|Form(sent)| sent).unwrap_or_default();
    let texts = Texts::of(&sent.taal);
    let Some(open) = (match id {
        Ok(Path(id)) => open(&state, id).await?,
        Err(_) => None,
    }) else {
        return Ok(closed(texts));
    };
    let again = |status: StatusCode, error: Told| {
        (status, Html(form(texts, &open, &sent, Some(error)).into_string())).into_response()
    };
    if !sent.website.is_empty() && sent.mens.is_empty() {
        return Ok(again(StatusCode::UNPROCESSABLE_ENTITY, Told::AskPerson));
    }
    if sent.naam.trim().is_empty() || sent.telefoon.trim().is_empty() {
        return Ok(again(StatusCode::UNPROCESSABLE_ENTITY, Told::Missing));
    }
    let now = state.clock.now();
    // From one house many may register on one afternoon; a program that sends hundreds has to wait, and a person who waits keeps
    // everything that was typed.
    let door = tries::shared_key("register-from", &address.to_string());
    if tries::begin(&state.db.write, &[&door], now).await.is_err() {
        return Ok(again(StatusCode::TOO_MANY_REQUESTS, Told::Problem(ProblemKind::TooManyTries)));
    }
    match register(&state, &open, &sent, now).await? {
        None => Ok(Html(thanks(texts, &open).into_string()).into_response()),
        Some(problem) => Ok(again(StatusCode::UNPROCESSABLE_ENTITY, Told::Problem(problem))),
    }
}

/// Notes it as a learner with a file; the problem when a rule refuses.
async fn register(
    state: &AppState,
    open: &Open,
    sent: &Registration,
    now: Timestamp,
) -> Result<Option<ProblemKind>, Problem> {
    let learner = LearnerId(fresh_id(now)?);
    let tidy = |text: &str| text.trim().nfc().collect::<String>();
    let answers = |pairs: &[(&str, &str)]| {
        let told = pairs.iter().map(|(key, text)| ((*key).to_owned(), tidy(text)));
        Answers(told.filter(|(_, text)| !text.is_empty()).collect::<BTreeMap<_, _>>())
    };
    let by_other = sent.voor == "iemand";
    let register = Command::from(RegisterLearner {
        branch: open.branch,
        answers: answers(&[("call_name", &sent.naam), ("phone", &sent.telefoon), ("wish", &sent.wens)]),
    });
    let referrer: &[(&str, &str)] = &[
        ("referrer_organisation", &sent.organisatie),
        ("referrer_name", &sent.aanmelder),
        ("referrer_phone", &sent.aanmelder_telefoon),
    ];
    let own = [("family_name", sent.achternaam.as_str())];
    let told: Vec<(&str, &str)> =
        own.into_iter().chain(referrer.iter().copied().filter(|_| by_other)).collect();
    let way = if by_other { WayIn::Other } else { WayIn::Own };
    let file = Command::from(OpenLearnerFile { branch: open.branch, learner, way, answers: answers(&told) });
    let acts = [(learner.into(), register), (learner.file(), file)];
    let mut commands = Vec::new();
    for (id, command) in &acts {
        commands.push(Envelope::without_base(CommandId(fresh_id(now)?), *id, command, now));
    }
    let person = Person {
        user: UserId(Uuid::nil()),
        memberships: vec![Membership { branch: open.branch, role: Role::Referrer }],
    };
    // Both or nothing: what a rule would refuse of one is not half kept.
    for (command, envelope) in acts.iter().map(|(_, command)| command).zip(&commands) {
        let skeleton = Document::skeleton(command.document_kind()).map_err(Problem::failure)?;
        let act = Act { id: envelope.id, by: &person, at: now };
        if let Err(refused) = command.check(&skeleton, false, &act) {
            return Ok(Some(refused.kind));
        }
    }
    let batch = Batch {
        organisation: open.organisation,
        person,
        device: DeviceId(Uuid::nil()),
        commands,
        received_at: now,
    };
    let applied = state.writer.apply(batch).await?;
    let refused = applied.results.iter().find_map(|result| match &result.verdict {
        Verdict::Refused { problem, .. } => Some(*problem),
        _ => None,
    });
    if refused.is_none() {
        let line = audit::Line {
            act: "public_registration".to_owned(),
            document: Some(learner.0),
            ..audit::Line::default()
        };
        audit::note(&state.db.write, open.organisation.0, now, line).await?;
    }
    Ok(refused)
}

/// What is told above the form.
#[derive(Clone, Copy)]
enum Told {
    AskPerson,
    Missing,
    Problem(ProblemKind),
}

fn frame(texts: Texts, title: &str, body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang=(texts.0) dir=(if texts.0 == "ar" { "rtl" } else { "ltr" }) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                link rel="stylesheet" href="/aanmelden.css";
                script src="/aanmelden.js" defer {}
            }
            body { main { (body) } }
        }
    }
}

fn picture(name: &str) -> Markup {
    html! { svg aria-hidden="true" { use href=(format!("/icons.svg#{name}")) {} } }
}

fn field(id: &str, label: &str, value: &str, kind: &str, complete: &str, optional: Option<&str>) -> Markup {
    html! {
        div.field {
            label for=(id) { (label) @if let Some(optional) = optional { span { " " (optional) } } }
            input id=(id) name=(id) type=(kind) value=(value) autocomplete=(complete);
        }
    }
}

fn form(texts: Texts, open: &Open, sent: &Registration, error: Option<Told>) -> Markup {
    let for_other = sent.voor == "iemand";
    let optional = Some(texts.get("register-optional"));
    let told = error.map(|error| match error {
        Told::AskPerson => texts.get("register-person").to_owned(),
        Told::Missing => texts.get("register-missing").to_owned(),
        Told::Problem(kind) => texts.problem(kind).to_owned(),
    });
    let body = html! {
        p.languages {
            @for (code, name) in LANGUAGES {
                a href=(format!("?taal={code}")) lang=(code) aria-current=[(texts.0 == code).then_some("true")] { (name) }
            }
        }
        h1 { (texts.with("register-title", "name", &open.name)) }
        div.read {
            p { (picture("person")) span { (texts.get("register-text")) } }
            p { (picture("phone")) span { (texts.get("register-call")) } }
        }
        button.quiet #read-aloud type="button" hidden data-lang=(texts.0) { (texts.get("register-read-aloud")) }
        @if let Some(told) = told { p.error role="alert" tabindex="-1" autofocus { (told) } }
        form method="post" novalidate {
            input type="hidden" name="taal" value=(texts.0);
            @if matches!(error, Some(Told::AskPerson)) {
                label.choice { input type="checkbox" name="mens" value="ja"; span { (texts.get("register-am-person")) } }
            }
            (field("naam", texts.get("register-name"), &sent.naam, "text", "given-name", None))
            (field("achternaam", texts.get("register-family"), &sent.achternaam, "text", "family-name", optional))
            (field("telefoon", texts.get("register-phone"), &sent.telefoon, "tel", "tel", None))
            div.field {
                label for="wens" { (texts.get("register-wish")) span { " " (texts.get("register-optional")) } }
                textarea id="wens" name="wens" rows="3" autocomplete="off" { (sent.wens) }
            }
            fieldset {
                legend { (texts.get("register-who")) }
                label.choice { input type="radio" name="voor" value="ik" checked[!for_other]; span { (texts.get("register-me")) } }
                label.choice { input type="radio" name="voor" value="iemand" checked[for_other]; span { (texts.get("register-other")) } }
                div.other {
                    (field("organisatie", texts.get("register-organisation"), &sent.organisatie, "text", "organization", optional))
                    (field("aanmelder", texts.get("register-referrer"), &sent.aanmelder, "text", "off", optional))
                    (field("aanmelder_telefoon", texts.get("register-referrer-phone"), &sent.aanmelder_telefoon, "tel", "off", optional))
                }
            }
            div.trap aria-hidden="true" {
                label for="website" { "Website" }
                input id="website" name="website" tabindex="-1" autocomplete="off" value=(sent.website);
            }
            p.small { (texts.get("register-privacy")) }
            button type="submit" { (texts.get("register-send")) }
        }
        @if !open.phone.is_empty() { p { (texts.with("register-rather-call", "phone", &open.phone)) } }
    };
    frame(texts, &texts.with("register-title", "name", &open.name), &body)
}

fn thanks(texts: Texts, open: &Open) -> Markup {
    let body = html! {
        h1 { (texts.get("register-thanks")) }
        div.read { p { (picture("tick")) span { (texts.with("register-next", "name", &open.name)) } } }
        @if !open.phone.is_empty() { p { (texts.with("register-rather-call", "phone", &open.phone)) } }
    };
    frame(texts, texts.get("register-thanks"), &body)
}

fn closed(texts: Texts) -> Response {
    let body = html! { h1 { (texts.get("register-closed")) } p { (texts.get("register-closed-text")) } };
    (StatusCode::NOT_FOUND, Html(frame(texts, texts.get("register-closed"), &body).into_string()))
        .into_response()
}

/// `/aanmelden.css` and `/aanmelden.js`.
pub(crate) fn file(script: bool) -> Response {
    let (kind, text) = if script {
        ("text/javascript; charset=utf-8", include_str!("../../register.js"))
    } else {
        ("text/css; charset=utf-8", include_str!("../../register.css"))
    };
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "max-age=3600")], text).into_response()
}
