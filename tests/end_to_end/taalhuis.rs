//! A Taalhuis over a real socket: who sees what of a learner, what counts once, and what is forgotten.

use std::sync::atomic::{AtomicI64, Ordering};

use sea_orm::{ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _};
use serde_json::{Value, json};
use server::retention::{self, Terms};
use server::sync::anew;
use server::taalhuis::entity::{learner, learning_session, pairing};
use sync_core::ids::{BranchId, LearnerId, OrganisationId, UserId, VolunteerId};
use sync_core::time::DAY_MS;
use tests::Outcome;
use tests::api::{Program, command, fresh_id};
use tests::server::{MORNING, Within};
use uuid::Uuid;

pub(crate) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

pub(crate) fn today() -> String {
    MORNING.local_date().to_string()
}

pub(crate) fn branch(program: &Program) -> Value {
    program.signed_in["user"]["roles"][0]["branch"].clone()
}

pub(crate) fn organisation(program: &Program) -> Outcome<OrganisationId> {
    Ok(text(&program.signed_in["user"]["organisation"]).parse()?)
}

pub(crate) fn entry(more: Value) -> Value {
    let mut body = json!({ "entry": fresh_id(MORNING.as_millis()), "on": today() });
    if let Value::Object(more) = more {
        for (key, value) in more {
            body[key] = value;
        }
    }
    body
}

/// A moment after the one before: people do one thing after the other.
fn moment() -> i64 {
    static NEXT: AtomicI64 = AtomicI64::new(0);
    MORNING.as_millis() + NEXT.fetch_add(1, Ordering::Relaxed)
}

/// Does these, one after the other; each must be taken.
pub(crate) async fn does(program: &mut Program, acts: Vec<(&str, String, Value)>) -> Outcome {
    let commands = acts
        .iter()
        .map(|(kind, document, body)| {
            let at = moment();
            command(fresh_id(at), document, kind, at, body)
        })
        .collect();
    let answer = program.sync(commands).await?;
    for (result, (kind, ..)) in answer["results"].as_array().into_iter().flatten().zip(&acts) {
        if !result["refused"].is_null() {
            return Err(format!("{kind}: {result}").into());
        }
    }
    Ok(())
}

/// Why one act is refused.
pub(crate) async fn refused(
    program: &mut Program,
    kind: &str,
    document: &str,
    body: &Value,
) -> Outcome<String> {
    let at = MORNING.as_millis();
    let answer = program.sync(vec![command(fresh_id(at), document, kind, at, body)]).await?;
    Ok(text(&answer["results"][0]["refused"]["problem"]))
}

pub(crate) fn consent(given: bool) -> Value {
    entry(json!({ "purpose": "buddy", "given": given, "text_version": "2026-11" }))
}

/// A coordinator, a buddy, a new learner with an intake, and their pairing, which is on trial since today.
pub(crate) struct Pair {
    pub(crate) coordinator: Program,
    pub(crate) buddy: Program,
    pub(crate) learner: LearnerId,
    pub(crate) pairing: String,
}

impl Pair {
    pub(crate) async fn new(server: &Within, is_consenting: bool) -> Outcome<Self> {
        let (mut pair, acts) = Self::draft(server, is_consenting).await?;
        does(&mut pair.coordinator, acts).await?;
        Ok(pair)
    }

    /// The same, with what is still to be done for it: a proposal at the end.
    async fn draft(
        server: &Within,
        is_consenting: bool,
    ) -> Outcome<(Self, Vec<(&'static str, String, Value)>)> {
        let coordinator = Program::sign_in(&server.url, "taalhuis").await?;
        let buddy = Program::sign_in(&server.url, "taalmaatje").await?;
        let here = branch(&coordinator);
        let user = buddy.signed_in["user"]["id"].clone();
        let learner = LearnerId(fresh_id(MORNING.as_millis()));
        let pairing = fresh_id(MORNING.as_millis()).to_string();
        let volunteer = VolunteerId::of(BranchId(text(&here).parse()?), UserId(text(&user).parse()?));
        let (own, file) = (learner.to_string(), learner.file().to_string());
        let answers = json!({ "call_name": "Quaddira", "phone": "06 00 00 99 99", "wish": "Autorijden" });
        let mut acts = vec![
            ("register_learner", own.clone(), json!({ "branch": here, "answers": answers })),
            (
                "open_learner_file",
                file.clone(),
                json!({ "branch": here, "learner": learner, "way": "own", "answers": { "family_name": "Zwaluwink" } }),
            ),
            ("finish_intake", file, json!({ "on": today() })),
        ];
        if is_consenting {
            acts.push(("record_consent", own, consent(true)));
        }
        let propose = json!({ "branch": here, "learner": learner, "volunteer": volunteer, "user": user });
        acts.push(("propose_pairing", pairing.clone(), propose));
        Ok((Self { coordinator, buddy, learner, pairing }, acts))
    }

    pub(crate) async fn begins(&mut self) -> Outcome {
        let trial = vec![("move_pairing", self.pairing.clone(), entry(json!({ "state": "trial" })))];
        does(&mut self.coordinator, trial).await
    }

    /// Whether the buddy can have these: the pairing, and what a buddy gets of the learner.
    async fn buddy_has(&mut self) -> Outcome<(bool, bool)> {
        let documents = self.buddy.fetch_all().await?;
        assert!(documents.iter().all(|found| found["kind"] != json!("learner_file")), "never the file");
        let has = |id: &str| documents.iter().any(|found| found["id"] == json!(id));
        Ok((has(&self.pairing), has(&self.learner.to_string())))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_buddy_has_the_learner_while_they_meet_and_the_learner_consents() -> Outcome {
    let mut server = Within::start().await?;
    let mut pair = Pair::new(&server, true).await?;
    assert_eq!(pair.buddy_has().await?, (false, false), "proposed only");
    pair.begins().await?;
    assert_eq!(pair.buddy_has().await?, (true, true));
    // Consent that is taken back calls it back from the phone at the next contact.
    let own = pair.learner.to_string();
    does(&mut pair.coordinator, vec![("record_consent", own.clone(), consent(false))]).await?;
    let answer = pair.buddy.sync(Vec::new()).await?;
    assert!(answer["dropped"].as_array().is_some_and(|all| all.contains(&json!(own))), "{answer}");
    assert_eq!(pair.buddy_has().await?, (true, false));
    // What the buddy did before she heard of it is still taken.
    let session = entry(json!({ "minutes": 60 }));
    does(&mut pair.buddy, vec![("log_session", pair.pairing.clone(), session)]).await?;
    does(&mut pair.coordinator, vec![("record_consent", own, consent(true))]).await?;
    assert_eq!(pair.buddy_has().await?, (true, true));
    let end = entry(json!({ "state": "ended", "reason": "succeeded" }));
    does(&mut pair.coordinator, vec![("move_pairing", pair.pairing.clone(), end)]).await?;
    assert_eq!(
        pair.buddy_has().await?,
        (true, false),
        "the pairing stays a while, to put right what was logged"
    );
    server.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn without_consent_nothing_of_a_learner_goes_out_not_even_in_one_request() -> Outcome {
    let mut server = Within::start().await?;
    // Learner, proposal and first meeting in one go: the documents that are asked are not yet written then.
    let (mut pair, mut acts) = Pair::draft(&server, false).await?;
    acts.push(("move_pairing", pair.pairing.clone(), entry(json!({ "state": "trial" }))));
    does(&mut pair.coordinator, acts).await?;
    assert_eq!(pair.buddy_has().await?, (true, false));
    // A pairing of another Taalhuis gives nothing of this one, whoever knows the id.
    let mut stranger = Program::sign_in(&server.url, "taalhuis2").await?;
    let there = branch(&stranger);
    let id = fresh_id(MORNING.as_millis()).to_string();
    let volunteer = VolunteerId::of(
        BranchId(text(&there).parse()?),
        UserId(text(&pair.buddy.signed_in["user"]["id"]).parse()?),
    );
    let propose = json!({ "branch": there, "learner": pair.learner, "volunteer": volunteer,
        "user": pair.buddy.signed_in["user"]["id"] });
    let own = pair.learner.to_string();
    does(&mut pair.coordinator, vec![("record_consent", own, consent(true))]).await?;
    does(
        &mut stranger,
        vec![
            ("propose_pairing", id.clone(), propose),
            ("move_pairing", id, entry(json!({ "state": "trial" }))),
        ],
    )
    .await?;
    let documents = stranger.fetch_all().await?;
    assert!(documents.iter().all(|found| found["id"] != json!(pair.learner)));
    let problem =
        refused(&mut stranger, "answer_learner", &pair.learner.to_string(), &json!({ "answers": {} }))
            .await?;
    assert_eq!(problem, "not-found");
    server.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_counts_once_for_the_learner_the_volunteer_and_the_figures() -> Outcome {
    let mut server = Within::start().await?;
    let mut pair = Pair::new(&server, true).await?;
    pair.begins().await?;
    let figure = async |pair: &Pair, measure: &str| -> Outcome<i64> {
        let path = format!("/api/taalhuis/overview?from={0}&until={0}", today());
        let (status, all) = Program::ask(pair.coordinator.request("GET", &path)).await?;
        assert_eq!(status, 200, "{all}");
        let found = all.as_array().into_iter().flatten().find(|one| one["measure"] == json!(measure));
        Ok(found.and_then(|one| one["count"].as_i64()).unwrap_or(-1))
    };
    let before = (figure(&pair, "sessions").await?, figure(&pair, "session_hours").await?);
    let (id, at) = (fresh_id(MORNING.as_millis()), MORNING.as_millis());
    let act = command(id, &pair.pairing, "log_session", at, &entry(json!({ "minutes": 120 })));
    // A phone that did not hear the answer sends it again, and again.
    for _ in 0..3 {
        pair.buddy.sync(vec![act.clone()]).await?;
    }
    assert_eq!(figure(&pair, "sessions").await?, before.0 + 1);
    assert_eq!(figure(&pair, "session_hours").await?, before.1 + 2);
    let own = learning_session::Entity::find()
        .filter(learning_session::Column::SourceId.eq(pair.pairing.parse::<Uuid>()?));
    let rows = own.all(&server.state.db.read).await?;
    assert_eq!(rows.len(), 1);
    let user = text(&pair.buddy.signed_in["user"]["id"]).parse::<Uuid>()?;
    assert_eq!((rows[0].user_id, rows[0].minutes, rows[0].learners), (Some(user), 120, 1));
    // The same as a file for a spreadsheet: nothing in it names anybody.
    for (format, begins) in [("csv", "\u{feff}Gemeente;"), ("xlsx", "PK")] {
        let path = format!("/api/taalhuis/overview?from={0}&until={0}&format={format}", today());
        let answer = pair.coordinator.request("GET", &path).send().await?;
        let body = answer.bytes().await?;
        assert!(body.starts_with(begins.as_bytes()), "{format}");
    }
    // After its end nothing is added; of before it still is. What is refused is told to who looks after buddies, and to nobody else.
    let end = entry(json!({ "state": "ended", "reason": "moved", "on": "2026-11-20" }));
    does(&mut pair.coordinator, vec![("move_pairing", pair.pairing.clone(), end)]).await?;
    let late =
        refused(&mut pair.buddy, "log_session", &pair.pairing, &entry(json!({ "minutes": 60 }))).await?;
    assert_eq!(late, "pairing-ended");
    let acts = |program: &Program, desk: &str| {
        let asked = program.request("GET", &format!("/api/{desk}/refused-acts"));
        async move { Program::ask(asked).await }
    };
    let (status, told) = acts(&pair.coordinator, "taalhuis").await?;
    assert!(status == 200 && told[0]["kind"] == json!("log_session"), "{told}");
    let deliveries = Program::sign_in(&server.url, "bezorging").await?;
    assert_eq!(acts(&deliveries, "deliveries").await?, (200, json!([])), "not of the same branch either");
    assert_eq!(acts(&deliveries, "taalhuis").await?.0, 403);
    let settled = json!({ "id": told[0]["id"] });
    let settle = |program: &Program, desk: &str| {
        let asked = program.request("POST", &format!("/api/{desk}/refused-acts/settle")).json(&settled);
        async move { Program::ask(asked).await }
    };
    assert_eq!(settle(&deliveries, "deliveries").await?.0, 404);
    assert_eq!(settle(&pair.coordinator, "taalhuis").await?.0, 204);
    assert_eq!(acts(&pair.coordinator, "taalhuis").await?, (200, json!([])));
    server.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn who_reads_the_figures_of_a_municipality_asks_by_whole_months() -> Outcome {
    let mut server = Within::start().await?;
    let administrator = Program::sign_in(&server.url, "beheer").await?;
    let taalhuis = Program::sign_in(&server.url, "taalhuis").await?;
    let new =
        json!({ "name": "Rie Rapport", "roles": [{ "branch": branch(&taalhuis), "role": "report_reader" }] });
    let (_, row) = Program::ask(administrator.request("POST", "/api/people").json(&new)).await?;
    let mut reader = Program::let_in(&server.url, &administrator, &text(&row["user"])).await?;
    let ask = async |from: &str, until: &str, group: &str| {
        let path = format!("/api/taalhuis/overview?from={from}&until={until}&group={group}");
        Program::ask(reader.request("GET", &path)).await
    };
    assert_eq!(ask("2026-01-01", "2026-10-30", "").await?.0, 422, "a day less could be one person");
    let (status, all) = ask("2026-01-01", "2026-10-31", "").await?;
    assert_eq!(status, 200, "{all}");
    let (_, of_group) = ask("2026-01-01", "2026-10-31", "nt2").await?;
    // Nobody is few: not in what is told, and not in what is left when the group is taken from everybody.
    let count = |figures: &Value, measure: &Value, group: &Value| {
        let all = figures.as_array().cloned().unwrap_or_default();
        let found = all.iter().find(|one| one["measure"] == *measure && one["group"] == *group);
        found.and_then(|one| one["count"].as_i64())
    };
    for figure in of_group.as_array().into_iter().flatten() {
        let (measure, group) = (&figure["measure"], &figure["group"]);
        if measure.as_str().is_some_and(|name| name.starts_with("days_")) {
            continue;
        }
        if let (Some(own), Some(everybody)) = (figure["count"].as_i64(), count(&all, measure, group)) {
            let others = everybody - own;
            assert!(others <= 0 || others >= 5, "{measure} {group}: {own} of {everybody}");
        }
    }
    // Figures, and nobody: no document of a learner comes to this device.
    let documents = reader.fetch_all().await?;
    assert!(documents.iter().all(|found| !text(&found["kind"]).starts_with("learner")));
    server.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_erased_is_nowhere_and_what_was_counted_stays_counted() -> Outcome {
    let mut server = Within::start().await?;
    let mut pair = Pair::new(&server, true).await?;
    pair.begins().await?;
    let noted = entry(json!({ "minutes": 60, "note": "Quaddira vertelde over thuis" }));
    does(&mut pair.buddy, vec![("log_session", pair.pairing.clone(), noted)]).await?;
    let group = fresh_id(MORNING.as_millis()).to_string();
    let here = branch(&pair.coordinator);
    let member = json!({ "learner": pair.learner, "name": "Quaddira" });
    let learner = pair.learner.to_string();
    let acts = vec![
        ("plan_group", group.clone(), json!({ "branch": here, "name": "Groep" })),
        ("set_group_member", group, member),
        ("erase_learner", learner.clone(), json!({})),
    ];
    let (referral, file, today) =
        (fresh_id(MORNING.as_millis()), pair.learner.file().to_string(), MORNING.local_date().to_string());
    let follows = json!({ "referral": referral, "offer": "arithmetic", "is_formal": true, "form": "group", "on": today });
    let ends = json!({ "referral": referral, "on": today, "reason": "succeeded", "has_certificate": true });
    let sent = json!({ "entry": referral, "partner": "Een vereniging", "on": today });
    let at_a_partner = vec![
        ("refer_learner", file.clone(), sent),
        ("begin_participation", file.clone(), follows),
        ("end_participation", file, ends),
    ];
    does(&mut pair.coordinator, at_a_partner).await?;
    // The learner asks what is kept, before it goes.
    let path = format!("/api/taalhuis/learners/{learner}/about?format=html");
    let (status, told) = Program::ask(pair.coordinator.request("GET", &path)).await?;
    let told = text(&told);
    assert_eq!(status, 200, "{told}");
    for part in [
        "Quaddira",
        "Zwaluwink",
        "Autorijden",
        "vertelde over thuis",
        "Vera Schut",
        "Coördinator Taalhuis",
        "Een vereniging",
        "Rekenen, tot",
        "Formeel, Certificaat",
    ] {
        assert!(told.contains(part), "nothing of {part}");
    }
    let stranger = Program::sign_in(&server.url, "taalhuis2").await?;
    assert_eq!(Program::ask(stranger.request("GET", &path)).await?.0, 404);
    does(&mut pair.coordinator, acts).await?;
    let own = organisation(&pair.coordinator)?;
    let written = anew::write_due(&server.state.db, own, MORNING).await;
    assert!(written.map_err(|problem| problem.kind().slug())? >= 2);
    let all = pair.coordinator.fetch_all().await?;
    let told = serde_json::to_string(&all)?;
    assert!(!told.contains("Quaddira") && !told.contains("Zwaluwink") && !told.contains(&learner));
    let db = &server.state.db.read;
    let row = pairing::Entity::find_by_id((own.0, pair.pairing.parse::<Uuid>()?)).one(db).await?;
    assert_eq!(row.ok_or("the pairing is not counted any more")?.learner_id, None);
    let sessions = learning_session::Entity::find()
        .filter(learning_session::Column::SourceId.eq(pair.pairing.parse::<Uuid>()?));
    assert_eq!(sessions.count(db).await?, 1);
    let gone = learner::Entity::find_by_id((own.0, pair.learner.file().0)).one(db).await?;
    assert!(gone.is_none());
    // Whoever brings the learner back from a phone that was offline gets nowhere.
    let again = json!({ "branch": here, "answers": { "call_name": "Quaddira" } });
    assert_eq!(refused(&mut pair.coordinator, "register_learner", &learner, &again).await?, "document-gone");
    server.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn who_stopped_long_ago_is_forgotten_by_itself() -> Outcome {
    let mut server = Within::start().await?;
    let mut pair = Pair::new(&server, true).await?;
    let end = json!({ "on": today(), "reason": "moved" });
    does(&mut pair.coordinator, vec![("end_learner", pair.learner.file().to_string(), end)]).await?;
    let terms = Terms { reader: 730, person: 730, mail: 30 };
    let (db, own) = (&server.state.db, organisation(&pair.coordinator)?);
    let learners = async |days: i64| -> Outcome<Vec<Uuid>> {
        Ok(retention::due(&db.read, own, terms, MORNING.plus_millis(days * DAY_MS)).await?.learners)
    };
    assert!(!learners(729).await?.contains(&pair.learner.0));
    assert!(learners(732).await?.contains(&pair.learner.0));
    retention::erase(db, own, terms, MORNING.plus_millis(732 * DAY_MS))
        .await
        .map_err(|problem| problem.kind().slug())?;
    assert!(learner::Entity::find_by_id((own.0, pair.learner.file().0)).one(&db.read).await?.is_none());
    server.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn of_whom_nothing_is_heard_for_long_is_forgotten_although_nobody_said_it_ended() -> Outcome {
    let mut server = Within::start().await?;
    let mut pair = Pair::new(&server, true).await?;
    pair.begins().await?;
    let terms = Terms { reader: 730, person: 730, mail: 30 };
    let (db, own, learner) = (&server.state.db, organisation(&pair.coordinator)?, pair.learner.0);
    let is_due = async |days: i64| -> Outcome<bool> {
        let due = retention::due(&db.read, own, terms, MORNING.plus_millis(days * DAY_MS)).await?;
        Ok(due.learners.contains(&learner))
    };
    assert!(!is_due(729).await?);
    assert!(is_due(732).await?);
    // A year later the buddy logs a session: only in the pairing, and it counts as a sign of life.
    server.clock.move_to(MORNING.plus_millis(365 * DAY_MS));
    pair.buddy = Program::sign_in(&server.url, "taalmaatje").await?;
    let session = entry(json!({ "minutes": 60 }));
    does(&mut pair.buddy, vec![("log_session", pair.pairing.clone(), session)]).await?;
    assert!(!is_due(732).await?);
    assert!(is_due(365 + 732).await?);
    server.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_registers_on_the_public_page_and_nothing_is_dropped() -> Outcome {
    let mut server = Within::start().await?;
    let mut coordinator = Program::sign_in(&server.url, "taalhuis").await?;
    let page = format!("{}/aanmelden/{}", server.url, text(&branch(&coordinator)));
    let http = reqwest::Client::new();
    let shown = http.get(&page).send().await?;
    assert_eq!(shown.status().as_u16(), 200);
    let shown = shown.text().await?;
    assert!(shown.contains("Taalhuis Gieten") && !shown.contains("<script>"), "no script within the page");
    let send = async |fields: &[(&str, &str)]| -> Outcome<(u16, String)> {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let sent = http.post(&page).header("content-type", "application/x-www-form-urlencoded").body(body);
        let answer = sent.send().await?;
        Ok((answer.status().as_u16(), answer.text().await?))
    };
    // Without a telephone number nobody can call back; what was typed is still there.
    let (status, again) = send(&[("naam", "Quaddira"), ("wens", "Autorijden")]).await?;
    assert!(status == 422 && again.contains("Quaddira") && again.contains("Autorijden"));
    let bsn = [("naam", "Quaddira"), ("telefoon", "0592 000 111"), ("wens", "Mijn nummer: 111222333")];
    let (status, again) = send(&bsn).await?;
    assert!(status == 422 && again.contains("burgerservicenummer"), "{again}");
    let wrong = [("naam", "Quaddira"), ("telefoon", "geen"), ("wens", "")];
    assert_eq!(send(&wrong).await?.0, 422);
    let none = coordinator.fetch_all().await?;
    assert!(!serde_json::to_string(&none)?.contains("Quaddira"), "nothing half kept");
    // Whoever fills in what only programs see is asked once more, and then taken.
    let trap = [("naam", "Quaddira"), ("telefoon", "0592 000 111"), ("website", "x")];
    let (status, again) = send(&trap).await?;
    assert!(status == 422 && again.contains("Bent u een mens?"), "{again}");
    let (status, thanks) = send(&[trap.as_slice(), &[("mens", "ja")]].concat()).await?;
    assert!(status == 200 && thanks.contains("Dank u wel"), "{thanks}");
    let other = [
        ("naam", "Quaddira"),
        ("achternaam", "=Zwaluwink"),
        ("telefoon", "0592 000 112"),
        ("voor", "iemand"),
        ("organisatie", "Wijkteam"),
        ("aanmelder", "<b>Jo</b>"),
    ];
    assert_eq!(send(&other).await?.0, 200);
    let documents = coordinator.fetch_all().await?;
    let named =
        documents.iter().filter(|found| found["content"]["answers"]["call_name"] == json!("Quaddira"));
    assert_eq!(named.count(), 2, "a likely double is kept too");
    let file =
        documents.iter().find(|found| found["content"]["answers"]["family_name"] == json!("=Zwaluwink"));
    let file = file.ok_or("no file")?;
    assert_eq!(file["content"]["answers"]["referrer_organisation"], json!("Wijkteam"));
    assert_eq!(file["content"]["way"], json!("other"));
    // In the languages of those who do not read Dutch yet, and what is wrong is told in them too.
    for (code, direction) in [("nl", "ltr"), ("en", "ltr"), ("ar", "rtl"), ("ti", "ltr"), ("uk", "ltr")] {
        let shown = http.get(format!("{page}?taal={code}")).send().await?.text().await?;
        assert!(shown.contains(&format!("<html lang=\"{code}\" dir=\"{direction}\">")), "{code}");
        assert!(shown.contains("Gieten") && !shown.contains('{'), "{code}: everything is filled in");
        let (status, wrong) = send(&[("taal", code), ("naam", "Nour"), ("telefoon", "12")]).await?;
        assert!(
            status == 422 && wrong.contains(&format!("lang=\"{code}\"")) && wrong.contains("alert"),
            "{code}"
        );
    }
    // A house that is not open, or is none, answers the same.
    for id in [Uuid::from_u128(5).to_string(), "geen".to_owned()] {
        let answer = http.get(format!("{}/aanmelden/{id}", server.url)).send().await?;
        assert_eq!(answer.status().as_u16(), 404);
    }
    server.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_figures_stand_under_the_norms_and_tell_nobody_of_fewer_than_five() -> Outcome {
    let mut server = Within::start().await?;
    let coordinator = Program::sign_in(&server.url, "taalhuis").await?;
    let figures = async |group: &str| -> Outcome<Vec<Value>> {
        let path = format!("/api/taalhuis/overview?from=2024-01-01&until={}&group={group}", today());
        let (status, all) = Program::ask(coordinator.request("GET", &path)).await?;
        assert_eq!(status, 200, "{all}");
        Ok(all.as_array().cloned().unwrap_or_default())
    };
    let of = |all: &[Value], measure: &str| {
        all.iter().find(|one| one["measure"] == measure).and_then(|one| one["count"].as_i64())
    };
    let all = figures("").await?;
    let norms: Vec<i64> = all.iter().filter_map(|one| one["norm"].as_i64()).collect();
    assert!(norms.is_sorted() && (1..=8).all(|norm| norms.contains(&norm)), "{norms:?}");
    for measure in
        ["alone", "days_to_intake", "days_to_buddy", "buddies", "buddies_with_vog", "consents", "referrals"]
    {
        assert!(of(&all, measure).is_some_and(|count| count > 0), "the sample has life in {measure}");
    }
    // No number of people below five, but for nobody at all.
    let small = all.iter().filter(|one| {
        !["partners", "in_groups", "days_to_intake", "days_to_buddy"]
            .contains(&one["measure"].as_str().unwrap_or_default())
    });
    for figure in small {
        assert!(figure["count"].as_i64().is_none_or(|count| count == 0 || count >= 5), "{figure}");
    }
    // Of one target group: a part of the whole, without what nobody can split.
    let (some, others) = (figures("nt2").await?, figures("nt1").await?);
    let count = |all: &[Value]| of(all, "registered").unwrap_or_default();
    assert!(
        count(&some) > 0 && count(&some) + count(&others) <= count(&all),
        "{} {}",
        count(&some),
        count(&others)
    );
    assert!(of(&some, "buddies").is_none());
    let (status, _) = Program::ask(
        coordinator.request("GET", "/api/taalhuis/overview?from=2026-01-01&until=2026-12-31&group=nt3"),
    )
    .await?;
    assert_eq!(status, 422);
    server.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_registers_hundreds_has_to_wait() -> Outcome {
    let mut server = Within::start().await?;
    let coordinator = Program::sign_in(&server.url, "taalhuis").await?;
    let page = format!("{}/aanmelden/{}", server.url, text(&branch(&coordinator)));
    let http = reqwest::Client::new();
    let mut last = 0;
    for number in 0..60 {
        let body = format!("naam=Niemand{number}&telefoon=0592+000+111");
        let sent = http.post(&page).header("content-type", "application/x-www-form-urlencoded").body(body);
        last = sent.send().await?.status().as_u16();
    }
    assert_eq!(last, 429);
    server.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_buddy_who_is_forgotten_is_nowhere_and_the_hours_stay_counted() -> Outcome {
    let mut server = Within::start().await?;
    let mut pair = Pair::new(&server, true).await?;
    pair.begins().await?;
    let here = branch(&pair.coordinator);
    let user = text(&pair.buddy.signed_in["user"]["id"]);
    let volunteer = VolunteerId::of(BranchId(text(&here).parse()?), UserId(user.parse()?));
    let answers = json!({ "name": "Vera Schut", "wishes": "Zwaluwink leest graag" });
    let described = json!({ "branch": here, "user": user, "answers": answers });
    let group = fresh_id(MORNING.as_millis()).to_string();
    let acts = vec![
        ("describe_volunteer", volunteer.to_string(), described),
        ("plan_group", group.clone(), json!({ "branch": here, "name": "Groep" })),
        ("set_group_buddy", group, json!({ "user": user, "name": "Vera Schut" })),
    ];
    does(&mut pair.coordinator, acts).await?;
    does(&mut pair.buddy, vec![("log_session", pair.pairing.clone(), entry(json!({ "minutes": 60 })))])
        .await?;
    let before = serde_json::to_string(&pair.coordinator.fetch_all().await?)?;
    assert!(before.contains("Vera Schut") && before.contains("Zwaluwink leest"));
    let administrator = Program::sign_in(&server.url, "beheer").await?;
    for step in ["end", "forget"] {
        if step == "forget" {
            let proof = json!({ "with": "password", "password": "noaber-voorbeeld" });
            Program::ask(administrator.request("POST", "/api/prove").json(&proof)).await?;
        }
        let path = format!("/api/people/{user}/{step}");
        let (status, answer) = Program::ask(administrator.request("POST", &path).json(&json!({}))).await?;
        assert_eq!(status, 204, "{step}: {answer}");
    }
    let own = organisation(&pair.coordinator)?;
    anew::write_due(&server.state.db, own, MORNING).await.map_err(|problem| problem.kind().slug())?;
    let after = serde_json::to_string(&pair.coordinator.fetch_all().await?)?;
    assert!(!after.contains("Vera Schut") && !after.contains("Zwaluwink leest"));
    assert!(!after.contains(&volunteer.file().to_string()), "the file went with it");
    let sessions = learning_session::Entity::find()
        .filter(learning_session::Column::SourceId.eq(pair.pairing.parse::<Uuid>()?));
    assert_eq!(sessions.count(&server.state.db.read).await?, 1);
    server.stop().await
}
