//! Who may do what, asked of the running server: every route and every command of the OpenAPI document, by everybody. A route or
//! command that is new and not told here fails the test that draws the table.

mod taalhuis;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde_json::{Value, json};
use server::auth::entity::passkey;
use server::people::entity::mail;
use server::sync::entity::document;
use sync_core::time::DAY_MS;
use uuid::Uuid;

use self::taalhuis::Taalhuis;
use crate::Outcome;
use crate::api::{Program, command, fresh_id, knock};
use crate::server::{MORNING, Within};

/// Who asks: what the table calls them, and their sign-in. The targets lie in Gieten. Who has no sign-in is somebody new who
/// coordinated deliveries there, and is out.
const PEOPLE: [(&str, &str); 25] = [
    ("bezorger van de ronde", "bezorger"),
    ("bezorger, andere ronde", "bezorger4"),
    ("bezorger, andere vestiging", "bezorger2"),
    ("coördinator bezorgen", "bezorging"),
    ("coördinator, andere vestiging", "bezorging3"),
    ("coördinator vrijwilligers", "vrijwilligers"),
    ("coördinator Taalhuis", "taalhuis"),
    ("taalmaatje", "taalmaatje"),
    (OTHER_BUDDY, ""),
    ("coördinator Taalhuis, andere vestiging", "taalhuis2"),
    ("balie", "balie"),
    ("beheerder", "beheer"),
    (NETWORK, ""),
    (GUARD, ""),
    ("kiezer", ""),
    ("gastvrouw", ""),
    ("BoekStartcoach", ""),
    ("verwijzer", ""),
    ("financiën", ""),
    ("rapportlezer", ""),
    ("andere organisatie", "beheer@ander.invalid"),
    (PAST, ""),
    (COMING, ""),
    (LEFT, ""),
    (SHUT_OUT, ""),
];
const NETWORK: &str = "beheerder van een netwerk";
const GUARD: &str = "functionaris privacy";
const OTHER_BUDDY: &str = "taalmaatje van een ander";
const PAST: &str = "rol voorbij";
const COMING: &str = "rol begint morgen";
const LEFT: &str = "vertrokken";
const SHUT_OUT: &str = "toestel afgemeld";

/// The role of somebody who is not in the sample.
async fn role_of(server: &Within, name: &str, branch: &Value) -> Outcome<Value> {
    if name != NETWORK {
        let role = match name {
            GUARD => "privacy_officer",
            OTHER_BUDDY => "buddy",
            "kiezer" => "chooser",
            "gastvrouw" => "host",
            "BoekStartcoach" => "book_start_coach",
            "verwijzer" => "referrer",
            "financiën" => "finance",
            "rapportlezer" => "report_reader",
            _ => "delivery_coordinator",
        };
        return Ok(json!({ "branch": branch, "role": role }));
    }
    let administrator = Program::sign_in(&server.url, "beheer").await?;
    let new = json!({ "kind": "network", "name": "Taalhuis" });
    Program::ask(administrator.request("POST", "/api/branches").json(&new)).await?;
    let administrator = Program::sign_in(&server.url, "beheer").await?;
    let (_, all) = Program::ask(administrator.request("GET", "/api/branches")).await?;
    let all = all.as_array().cloned().unwrap_or_default();
    let network = all.iter().find(|row| row["kind"] == json!("network")).ok_or("no network")?;
    Ok(json!({ "branch": network["branch"], "role": "administrator" }))
}

/// Somebody who asks.
async fn enters(server: &Within, (name, who): (&str, &str)) -> Outcome<Program> {
    if !who.is_empty() {
        return Program::sign_in(&server.url, who).await;
    }
    let branch =
        Program::sign_in(&server.url, "bezorging").await?.signed_in["user"]["roles"][0]["branch"].clone();
    let role = role_of(server, name, &branch).await?;
    let administrator = Program::sign_in(&server.url, "beheer").await?;
    let post = async |path: String, body: Value| {
        let (status, answer) = Program::ask(administrator.request("POST", &path).json(&body)).await?;
        if (200..300).contains(&status) {
            Outcome::Ok(answer)
        } else {
            Err(format!("{path}: {status} {answer}").into())
        }
    };
    let new = json!({ "name": name, "roles": [role] });
    let added = post("/api/people".to_owned(), new).await?;
    let user = added["user"].as_str().unwrap_or_default();
    let mut program = Program::let_in(&server.url, &administrator, user).await?;
    let dated = |key: &str, days: i64| {
        let mut dated = role.clone();
        dated[key] = json!(MORNING.plus_millis(days * DAY_MS).local_date().to_string());
        json!({ "give": [dated] })
    };
    let roles = format!("/api/people/{user}/roles");
    match name {
        PAST => post(roles, dated("until_on", -1)).await?,
        COMING => post(roles, dated("from_on", 1)).await?,
        LEFT => post(format!("/api/people/{user}/end"), json!({})).await?,
        SHUT_OUT => post(format!("/api/devices/{}/revoke", program.device), json!({})).await?,
        _ => Value::Null,
    };
    if [PAST, COMING].contains(&name) {
        program.refreshes().await?;
    }
    Ok(program)
}

/// Routes that ask nobody who he is: what they ask instead.
const OPEN: [(&str, &str); 12] = [
    ("GET /aanmelden/{taalhuis}", "nothing: it is public"),
    ("POST /aanmelden/{taalhuis}", "nothing: anybody registers"),
    ("POST /api/sign-in", "address and password"),
    ("POST /api/sign-in/passkey/begin", "nothing: it says nothing of anybody"),
    ("POST /api/sign-in/passkey", "a passkey"),
    ("POST /api/token", "the token of a device"),
    ("GET /api/sync/live", "a ticket of half a minute, from `POST /api/sync/ticket`"),
    ("POST /api/join", "a code or link"),
    ("POST /api/recover", "nothing: the answer is the same for every address"),
    ("GET /api/mail-switch", "what stands in the link of a mail"),
    ("POST /api/mail-switch", "what stands in the link of a mail"),
    ("POST /api/join/finish", "what a new phone waits with"),
];

/// What an answer says about rights.
fn verdict(status: u16, answer: &Value) -> Outcome<&'static str> {
    let problem = answer["type"].as_str().unwrap_or_default();
    match status {
        // Some of what is asked makes no sense, but it was asked of somebody who may.
        200..300 | 400 | 415 | 422 | 426 => Ok("ja"),
        401 => Ok("aanmelden"),
        403 => Ok("nee"),
        404 => Ok("is er niet"),
        other => Err(format!("{other} {problem}").into()),
    }
}

fn refusal(result: &Value) -> Outcome<&'static str> {
    let problem = result["refused"]["problem"].as_str();
    match problem {
        None => Ok("ja"),
        Some("not-allowed" | "not-your-round") => Ok("nee"),
        Some("not-found") => Ok("is er niet"),
        Some(other) => Err(other.to_owned().into()),
    }
}

/// What the routes and commands are about: made anew for everybody who asks.
struct Targets {
    coordinator: Program,
    branch: Value,
    user: String,
    device: String,
    round: Value,
    reader: String,
    signal: String,
    /// A code with which a phone knocks, and the digits that it shows.
    invitation: (String, Value),
    mail: Uuid,
    passkey: Uuid,
    /// An act that was refused.
    refused: Uuid,
    taalhuis: Taalhuis,
}

impl Targets {
    async fn new(server: &Within) -> Outcome<Self> {
        let mut coordinator = Program::sign_in(&server.url, "bezorging").await?;
        let branch = coordinator.signed_in["user"]["roles"][0]["branch"].clone();
        let documents = coordinator.fetch_all().await?;
        let is = |kind: &'static str| documents.iter().filter(move |found| found["kind"] == json!(kind));
        let today = MORNING.local_date().to_string();
        let round =
            is("round").find(|found| found["summary"]["on"] == json!(today)).ok_or("no round today")?;
        let stops = round["content"]["stops"].as_array().cloned().unwrap_or_default();
        let planned: Vec<&Value> = stops.iter().map(|stop| &stop["reader"]).collect();
        let reader = is("reader")
            .find(|found| !planned.contains(&&found["id"]) && found["summary"]["status"] == json!("active"))
            .ok_or("no reader")?;
        let signal = is("signal").next().ok_or("no signal")?;
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let mut targets = Self {
            user: String::new(),
            device: String::new(),
            invitation: (String::new(), Value::Null),
            mail: Uuid::nil(),
            passkey: Uuid::nil(),
            refused: Uuid::nil(),
            reader: text(&reader["id"]),
            signal: text(&signal["id"]),
            round: round.clone(),
            branch,
            coordinator,
            taalhuis: Taalhuis::new(server).await?,
        };
        targets.refresh(server, true).await?;
        Ok(targets)
    }

    /// Makes anew what a route is about, so that nobody finds it used up by who asked before.
    async fn renew(&mut self, server: &Within, path: &str) -> Outcome {
        if ["{user}", "{device}", "{invitation}"].iter().any(|part| path.contains(part)) {
            self.refresh(server, path.contains("{device}")).await?;
        }
        if path.contains("{invitation}") {
            self.knock(server).await?;
        }
        if path.contains("{mail}") {
            self.give_up_a_mail(server).await?;
        }
        if path.contains("{passkey}") && self.passkey.is_nil() {
            self.add_a_passkey(server).await?;
        }
        if path.ends_with("refused-acts/settle") {
            self.have_refused(server, path.contains("taalhuis")).await?;
        }
        Ok(())
    }

    /// A phone knocks with a code of the coordinator.
    async fn knock(&mut self, server: &Within) -> Outcome {
        let path = format!("/api/people/{}/invitation", self.user);
        let asked = self.coordinator.request("POST", &path).json(&json!({ "way": "code" }));
        let (_, invited) = Program::ask(asked).await?;
        let body = json!({ "secret": invited["code"], "device_name": "Telefoon" });
        let (_, shown) = knock(&server.url, "/api/join", body).await?;
        let id = invited["invitation"].as_str().ok_or("no invitation")?;
        self.invitation = (id.to_owned(), shown["digits"].clone());
        Ok(())
    }

    fn organisation(&self) -> Outcome<Uuid> {
        Ok(serde_json::from_value(self.coordinator.signed_in["user"]["organisation"].clone())?)
    }

    /// A mail that could not be sent.
    async fn give_up_a_mail(&mut self, server: &Within) -> Outcome {
        self.mail = fresh_id(MORNING.as_millis());
        let row = mail::ActiveModel {
            organisation_id: Set(self.organisation()?),
            id: Set(self.mail),
            user_id: Set(None),
            address: Set("niemand@voorbeeld.invalid".to_owned()),
            kind: Set("digest".to_owned()),
            subject: Set("Proef".to_owned()),
            body: Set("Proef".to_owned()),
            created_at: Set(MORNING.as_millis()),
            next_try_at: Set(MORNING.as_millis()),
            tries: Set(9),
            sent_at: Set(None),
            dead_at: Set(Some(MORNING.as_millis())),
        };
        mail::Entity::insert(row).exec_without_returning(&server.state.db.write).await?;
        Ok(())
    }

    /// A passkey of who works behind the desk.
    async fn add_a_passkey(&mut self, server: &Within) -> Outcome {
        let desk = Program::sign_in(&server.url, "balie").await?;
        self.passkey = fresh_id(MORNING.as_millis());
        let row = passkey::ActiveModel {
            organisation_id: Set(self.organisation()?),
            user_id: Set(serde_json::from_value(desk.signed_in["user"]["id"].clone())?),
            id: Set(self.passkey),
            credential: Set(vec![9; 16]),
            name: Set("Sleutel".to_owned()),
            public_key: Set(String::new()),
            created_at: Set(MORNING.as_millis()),
            used_at: Set(None),
        };
        passkey::Entity::insert(row).exec_without_returning(&server.state.db.write).await?;
        Ok(())
    }

    /// An act of a volunteer that is refused: what it takes back was never there.
    async fn have_refused(&mut self, server: &Within, of_taalhuis: bool) -> Outcome {
        let at = MORNING.as_millis();
        let id = fresh_id(at);
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let act = if of_taalhuis {
            let body = json!({ "session": fresh_id(at) });
            command(id, &text(&self.taalhuis.pairing), "withdraw_session", at, &body)
        } else {
            let stop = &self.round["content"]["stops"][0]["stop"];
            let body = json!({ "log": fresh_id(at), "stop": stop, "corrects": [fresh_id(at)] });
            command(id, &text(&self.round["id"]), "withdraw_delivery_log", at, &body)
        };
        let who = if of_taalhuis { "taalmaatje" } else { "bezorger" };
        let answer = Program::sign_in(&server.url, who).await?.sync(vec![act]).await?;
        if answer["results"][0]["refused"].is_null() {
            return Err(format!("it was not refused: {answer}").into());
        }
        self.refused = id;
        Ok(())
    }

    /// Somebody new to do things with, and a device that is not shut out.
    async fn refresh(&mut self, server: &Within, with_device: bool) -> Outcome {
        let new = json!({ "name": "Doel", "roles": [{ "branch": self.branch, "role": "deliverer" }] });
        let (_, added) = Program::ask(self.coordinator.request("POST", "/api/people").json(&new)).await?;
        added["user"].as_str().unwrap_or_default().clone_into(&mut self.user);
        if with_device {
            self.device = Program::sign_in(&server.url, "bezorger7").await?.device.to_string();
        }
        Ok(())
    }

    fn path(&self, pattern: &str) -> String {
        pattern
            .replace("{user}", &self.user)
            .replace("{device}", &self.device)
            .replace("{branch}", self.branch.as_str().unwrap_or_default())
            .replace("{reader}", &self.reader)
            .replace("{learner}", self.taalhuis.learner.as_str().unwrap_or_default())
            .replace("{target}", "learners")
            .replace("{mail}", &self.mail.to_string())
            .replace("{invitation}", &self.invitation.0)
            .replace("{passkey}", &self.passkey.to_string())
    }

    /// The same for what does not exist.
    fn path_of_nothing(pattern: &str) -> String {
        let nothing = fresh_id(MORNING.as_millis()).to_string();
        let ids = ["user", "device", "branch", "reader", "learner", "mail", "invitation", "passkey"];
        let path =
            ids.iter().fold(pattern.to_owned(), |path, id| path.replace(&format!("{{{id}}}"), &nothing));
        path.replace("{target}", "learners")
    }

    /// The body with which a route is asked.
    fn body(&self, route: &str) -> Option<Value> {
        let role = json!({ "branch": self.branch, "role": "deliverer" });
        Some(match route {
            "POST /api/people" => json!({ "name": "Nieuw", "roles": [role] }),
            "POST /api/people/{user}/roles" => json!({ "give": [role] }),
            "POST /api/people/{user}/invitation" => json!({ "way": "code" }),
            "POST /api/invitations/{invitation}/confirm" => json!({ "digits": self.invitation.1 }),
            "POST /api/second-factor/confirm" | "POST /api/second-factor/remove" => {
                json!({ "code": "000000" })
            }
            "POST /api/passkeys" => {
                json!({ "ceremony": uuid::Uuid::from_u128(9), "name": "Sleutel", "credential": {} })
            }
            "POST /api/settings" => {
                json!({ "lease_days": 35, "retention_reader_days": 730, "retention_person_days": 730,
                "retention_mail_days": 30, "quiet_days": 7, "pin_digits": 6, "second_step": "offered", "buddy_word": "taalmaatje" })
            }
            "POST /api/branches" => json!({ "name": format!("Netwerk {}", fresh_id(0)), "kind": "network" }),
            "POST /api/branches/{branch}" => json!({ "name": "Gieten", "municipality": "Aa en Hunze" }),
            "POST /api/me/language" => json!({ "language": "nl" }),
            "POST /api/prove" => json!({ "with": "pin", "device_secret": "0" }),
            "POST /api/devices/lock" => json!({ "secret": "0".repeat(64) }),
            "POST /api/devices/unseal" => {
                let sealed = json!({ "key": uuid::Uuid::from_u128(9), "ephemeral": "", "bytes": "" });
                json!({ "device": self.device, "vault": uuid::Uuid::from_u128(9), "sealed": sealed })
            }
            "POST /api/deliveries/refused-acts/settle" | "POST /api/taalhuis/refused-acts/settle" => {
                json!({ "id": self.refused })
            }
            _ => return None,
        })
    }

    /// Every command, in an order in which each can still succeed, with its document and body.
    fn commands(&self) -> Vec<(&'static str, String, Value)> {
        let at = MORNING.as_millis();
        let fresh = || fresh_id(at).to_string();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let (round, stops) = (text(&self.round["id"]), &self.round["content"]["stops"]);
        let (first, second) = (&stops[0]["stop"], &stops[1]["stop"]);
        let branch_id: uuid::Uuid = text(&self.branch).parse().unwrap_or_default();
        let branch = sync_core::ids::BranchId(branch_id);
        let (branch_document, team) =
            (branch.branch_document().to_string(), branch.team_document().to_string());
        let assignees = json!([self.round["content"]["assignees"][0]
            .as_array()
            .map(|pair| json!({ "user": pair[0], "name": pair[1] }))]);
        let log = fresh_id(at);
        let profile = json!({ "name": "Nieuwe lezer", "street": "Kaftstraat", "house_number": "1", "postcode": "9461 SS", "place": "Gieten" });
        let new_stop =
            json!({ "stop": fresh_id(at), "reader": self.reader, "bag": "", "bring": "", "fetch": "" });
        let order: Vec<&Value> = stops.as_array().into_iter().flatten().map(|stop| &stop["stop"]).collect();
        vec![
            (
                "describe_branch",
                branch_document,
                json!({ "branch": self.branch, "name": "Gieten", "municipality": "Aa en Hunze", "help_name": "Marga", "phone": "0592 000 001" }),
            ),
            (
                "enrol_member",
                team.clone(),
                json!({ "branch": self.branch, "user": self.user, "name": "Doel", "roles": ["deliverer"] }),
            ),
            ("end_member", team, json!({ "user": self.user })),
            ("register_reader", fresh(), json!({ "branch": self.branch, "profile": profile })),
            ("change_reader", self.reader.clone(), json!({ "changes": { "mobility": "Slecht ter been" } })),
            ("set_reader_status", self.reader.clone(), json!({ "status": "paused" })),
            (
                "plan_round",
                fresh(),
                json!({ "branch": self.branch, "name": "Proef", "on": "2026-11-30", "day_segment": "morning", "assignees": assignees, "stops": [{ "stop": fresh_id(at), "reader": self.reader, "bag": "", "bring": "", "fetch": "" }] }),
            ),
            ("assign_round", round.clone(), json!({ "assignees": assignees, "released": [] })),
            ("move_round", round.clone(), json!({ "on": "2026-11-24", "day_segment": "afternoon" })),
            ("add_stop", round.clone(), json!({ "stop": new_stop })),
            ("change_stop", round.clone(), json!({ "stop": second, "bag": "Tas 9" })),
            ("log_delivery", round.clone(), json!({ "log": log, "stop": first, "outcome": "delivered" })),
            (
                "withdraw_delivery_log",
                round.clone(),
                json!({ "log": fresh_id(at), "stop": first, "corrects": [log] }),
            ),
            ("order_round", round.clone(), json!({ "order": order })),
            ("record_kilometres", round.clone(), json!({ "metres": 5_000 })),
            ("remove_stop", round.clone(), json!({ "stop": second })),
            ("raise_signal", fresh(), json!({ "branch": self.branch, "signal": "worry", "note": "Proef" })),
            ("settle_signal", self.signal.clone(), json!({ "state": "taken_up", "note": "" })),
            ("cancel_round", round, json!({ "reason": "proef" })),
            ("erase_reader", self.reader.clone(), json!({})),
        ]
    }
}

type Table = BTreeMap<String, Vec<&'static str>>;

async fn routes(server: &Within, described: &Value, table: &mut Table) -> Outcome {
    let mut targets = Targets::new(server).await?;
    let mut people = Vec::new();
    for person in PEOPLE {
        people.push((person.0, enters(server, person).await?));
    }
    let mut nobody = Program::sign_in(&server.url, "balie").await?;
    "x.y.z".clone_into(&mut nobody.token);
    for (path, item) in described["paths"].as_object().into_iter().flatten() {
        for method in item.as_object().into_iter().flat_map(serde_json::Map::keys) {
            let route = format!("{} {path}", method.to_uppercase());
            // Signing out is for everybody, and ends what asks; the exchange is told by command.
            if OPEN.iter().any(|(open, _)| *open == route)
                || path.ends_with("sign-out")
                || path == "/api/sync"
            {
                continue;
            }
            let mut cells = Vec::new();
            for (who, program) in &mut people {
                targets.renew(server, path).await?;
                let asking = &*program;
                let ask = async |at: String| {
                    let mut request = asking.request(&method.to_uppercase(), &at);
                    if let Some(body) = targets.body(&route) {
                        request = request.json(&body);
                    }
                    Program::ask(request).await
                };
                let (status, answer) = ask(targets.path(path)).await?;
                let told = verdict(status, &answer).map_err(|error| format!("{route} by {who}: {error}"))?;
                cells.push(told);
                if told == "is er niet" && path.contains('{') {
                    let nothing = ask(Targets::path_of_nothing(path)).await?;
                    if nothing != (status, answer) {
                        return Err(format!("{route} tells {who} what is there: {nothing:?}").into());
                    }
                }
                if told == "ja" && path.contains("{passkey}") {
                    // With the passkey every token of its person ended.
                    *program = Program::sign_in(&server.url, "balie").await?;
                }
            }
            // Nobody, with a token that is no token, gets nowhere.
            let (status, answer) =
                Program::ask(nobody.request(&method.to_uppercase(), &targets.path(path))).await?;
            let told = verdict(status, &answer)?;
            // The live connection is opened with a ticket instead of a token.
            if told != "aanmelden" && path != "/api/sync/live" {
                return Err(format!("{route} answered somebody without a token: {status}").into());
            }
            table.insert(route, cells);
        }
    }
    Ok(())
}

async fn commands(described: &Value, table: &mut Table) -> Outcome {
    let at = MORNING.as_millis();
    let mut cells: BTreeMap<String, Vec<&'static str>> = BTreeMap::new();
    for person in PEOPLE {
        let who = person.0;
        let mut server = Within::start().await?;
        let targets = Targets::new(&server).await?;
        let mut program = enters(&server, person).await?;
        let of_taalhuis = targets.taalhuis.commands(&targets.branch)?;
        for (kind, document, body) in targets.commands().into_iter().chain(of_taalhuis) {
            let act = command(fresh_id(at), &document, kind, at, &body);
            let (status, answer) = program.tries_to_sync(vec![act]).await?;
            let told = if status == 200 { refusal(&answer["results"][0]) } else { verdict(status, &answer) };
            let told = told.map_err(|error| format!("{kind} by {who}: {error}"))?;
            if status == 200 && told == "is er niet" {
                let nothing = fresh_id(at).to_string();
                let act = command(fresh_id(at), &nothing, kind, at, &body);
                let (_, other) = program.tries_to_sync(vec![act]).await?;
                if other["results"][0]["refused"] != answer["results"][0]["refused"] {
                    let (there, nowhere) = (&answer["results"], &other["results"]);
                    return Err(format!("{kind} tells {who} what is there: {there} {nowhere}").into());
                }
            }
            cells.entry(format!("`{kind}`")).or_default().push(told);
        }
        server.stop().await?;
    }
    for kind in described["x-commands"].as_object().into_iter().flat_map(serde_json::Map::keys) {
        if !cells.contains_key(&format!("`{kind}`")) {
            return Err(format!("{kind} is not in the matrix: give it a body in tests/src/matrix.rs").into());
        }
    }
    table.extend(cells);
    Ok(())
}

/// Which documents of the branch each person gets, by their kind: all of them, some, or none. Who may not read something is given a
/// document without it: within a document nothing is hidden from anybody.
async fn documents(server: &Within, table: &mut Table) -> Outcome {
    let branch: Uuid = serde_json::from_value(Targets::new(server).await?.branch)?;
    let mut there: BTreeMap<String, BTreeSet<Uuid>> = BTreeMap::new();
    let rows = document::Entity::find()
        .filter(document::Column::BranchId.eq(branch))
        .filter(document::Column::Erased.eq(false));
    for row in rows.all(&server.state.db.read).await? {
        there.entry(row.kind).or_default().insert(row.id);
    }
    for person in PEOPLE {
        let mut program = enters(server, person).await?;
        let mut told = None;
        let mut got = BTreeSet::new();
        loop {
            let (status, answer) = program.tries_to_sync(Vec::new()).await?;
            if status != 200 {
                told = Some(verdict(status, &answer)?);
                break;
            }
            let documents = answer["documents"].as_array().into_iter().flatten();
            got.extend(documents.filter_map(|found| found["id"].as_str()?.parse::<Uuid>().ok()));
            if answer["more"] != json!(true) {
                break;
            }
        }
        for (kind, ids) in &there {
            let cell = told.unwrap_or(match ids.intersection(&got).count() {
                0 => "nee",
                some if some == ids.len() => "alle",
                _ => "sommige",
            });
            table.entry(format!("`{kind}`")).or_default().push(cell);
        }
    }
    Ok(())
}

fn draw(text: &mut String, table: &Table) -> std::fmt::Result {
    writeln!(text, "| | {} |", PEOPLE.map(|(name, _)| name).join(" | "))?;
    writeln!(text, "|---|{}", "---|".repeat(PEOPLE.len()))?;
    for (what, cells) in table {
        writeln!(text, "| {what} | {} |", cells.join(" | "))?;
    }
    Ok(())
}

/// The routes that ask anew, more than five minutes after a sign-in, who somebody is.
async fn asks_for_proof(server: &Within, described: &Value) -> Outcome<BTreeSet<String>> {
    let targets = Targets::new(server).await?;
    let mut people = Vec::new();
    for who in ["beheer", "bezorging", "taalhuis"] {
        people.push(Program::sign_in(&server.url, who).await?);
    }
    server.clock.move_to(MORNING.plus_millis(5 * 60_000 + 1));
    let mut found = BTreeSet::new();
    for (path, item) in described["paths"].as_object().into_iter().flatten() {
        for method in item.as_object().into_iter().flat_map(serde_json::Map::keys) {
            let route = format!("{} {path}", method.to_uppercase());
            // Neither asks who somebody is, and both end or fill what asks.
            if path.ends_with("sign-out") || path == "/api/sync" {
                continue;
            }
            for program in &people {
                let mut request = program.request(&method.to_uppercase(), &targets.path(path));
                if let Some(body) = targets.body(&route) {
                    request = request.json(&body);
                }
                let (_, answer) = Program::ask(request).await?;
                if answer["type"] == json!("/problems/proof-needed") {
                    found.insert(route.clone());
                }
            }
        }
    }
    Ok(found)
}

/// Asks the server everything, and draws what it answered.
pub async fn table() -> Outcome<String> {
    let mut server = Within::start().await?;
    let described: Value = reqwest::get(format!("{}/api/openapi.json", server.url)).await?.json().await?;
    let (mut by_route, mut by_command, mut by_document) = (Table::new(), Table::new(), Table::new());
    // A library of its own: some of these people are made when they are asked for.
    let mut reading = Within::start().await?;
    Box::pin(documents(&reading, &mut by_document)).await?;
    reading.stop().await?;
    Box::pin(routes(&server, &described, &mut by_route)).await?;
    server.stop().await?;
    let mut later = Within::start().await?;
    let proven = Box::pin(asks_for_proof(&later, &described)).await?;
    later.stop().await?;
    Box::pin(commands(&described, &mut by_command)).await?;
    let mut text = String::from(
        "# Who may do what\n\nAsked of the running server; `cargo xtask generate` writes it anew, and a test fails when it is no longer true. \
         Everything asked for lies in the branch Gieten of the sample library. *is er niet* is the answer for what does not exist: each was asked once more about something that is nowhere, and the two answers are equal.\n\n## Commands\n\n",
    );
    draw(&mut text, &by_command)?;
    text.push_str(
        "\n## Documents\n\nWhich documents of the branch a person is given. Within a document nothing is hidden from anybody: what two people \
         may not both see is never in one document.\n\n",
    );
    draw(&mut text, &by_document)?;
    text.push_str("\n## Routes\n\n");
    draw(&mut text, &by_route)?;
    text.push_str(
        "\nWithout a token every route above answers *aanmelden* (401). These ask something else:\n\n",
    );
    for (route, what) in OPEN {
        writeln!(text, "- `{route}`: {what}")?;
    }
    text.push_str(
        "\n## A fresh proof\n\nMore than five minutes after a sign-in these ask anew who somebody is. So does every command that erases, sent in `POST /api/sync`.\n\n",
    );
    for route in proven {
        writeln!(text, "- `{route}`")?;
    }
    Ok(text)
}
