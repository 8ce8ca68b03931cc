//! A program that has read only `/api/openapi.json` and speaks only JSON can do all a phone can.

use serde_json::{Value, json};
use tests::Outcome;
use tests::api::{PASSWORD, Program, command, fresh_id};
use tests::server::{MORNING, Within};

/// What is known of the server: the document, and nothing else.
struct Api(Value);

impl Api {
    async fn read(url: &str) -> Outcome<Self> {
        Ok(Self(reqwest::get(format!("{url}/api/openapi.json")).await?.json().await?))
    }

    /// The address whose description says this.
    fn address(&self, says: &str) -> Outcome<String> {
        let paths = self.0["paths"].as_object().into_iter().flatten();
        let found = paths
            .flat_map(|(path, methods)| {
                methods.as_object().into_iter().flatten().map(move |(_, about)| (path, about))
            })
            .find(|(_, about)| about["summary"].as_str().is_some_and(|text| text.contains(says)));
        Ok(found.ok_or_else(|| format!("nothing in the document says {says}"))?.0.clone())
    }

    /// The schema of what is sent to an address, or of what it answers.
    fn schema(&self, path: &str, part: &[&str]) -> Outcome<Value> {
        let mut at = &self.0["paths"][path]["post"];
        for step in part {
            at = &at[*step];
        }
        if at.is_null() { Err(format!("{path} tells no {part:?}").into()) } else { Ok(at.clone()) }
    }

    fn sent(&self, path: &str) -> Outcome<Value> {
        self.schema(path, &["requestBody", "content", "application/json", "schema"])
    }

    fn answered(&self, path: &str) -> Outcome<Value> {
        self.schema(path, &["responses", "200", "content", "application/json", "schema"])
    }

    /// Refuses a value that is not as its schema says.
    fn fits(&self, schema: &Value, value: &Value) -> Outcome {
        let mut whole = schema.clone();
        whole["components"] = self.0["components"].clone();
        let validator = jsonschema::validator_for(&whole)?;
        let wrong: Vec<String> =
            validator.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect();
        if wrong.is_empty() { Ok(()) } else { Err(format!("{wrong:?}\n{value}").into()) }
    }
}

/// A client that asks nothing but what the document tells, and takes no answer that the document does not tell.
struct Client {
    api: Api,
    http: reqwest::Client,
    url: String,
    token: String,
    device: Value,
    cursor: Value,
}

impl Client {
    async fn sign_in(url: &str) -> Outcome<Self> {
        let api = Api::read(url).await?;
        let path = api.address("Signs in on this device. Programs send `Noaber-Program: 1`")?;
        let body = json!({ "email": "bezorger@voorbeeld.invalid", "password": PASSWORD, "device_name": "programma" });
        api.fits(&api.sent(&path)?, &body)?;
        let http = reqwest::Client::new();
        let sent = http.post(format!("{url}{path}")).header("noaber-program", "1").json(&body);
        let answer: Value = sent.send().await?.error_for_status()?.json().await?;
        api.fits(&api.answered(&path)?, &answer)?;
        let token = answer["access_token"].as_str().unwrap_or_default().to_owned();
        let device = answer["device_id"].clone();
        Ok(Self { api, http, url: url.to_owned(), token, device, cursor: Value::Null })
    }

    /// A command of this kind, with this body.
    fn command(&self, document: &Value, kind: &str, body: &Value) -> Outcome<Value> {
        self.api.fits(&self.api.0["x-commands"][kind], body)?;
        let at = MORNING.as_millis();
        Ok(json!({ "id": fresh_id(at), "document": document, "kind": kind, "at": at, "body": body }))
    }

    async fn sync(&mut self, commands: &[Value]) -> Outcome<Value> {
        let path = self.api.address("Sends what was done on the device and fetches what is new for it")?;
        let mut body = json!({ "protocol": 1, "device_id": self.device, "commands": commands });
        if !self.cursor.is_null() {
            body["cursor"] = self.cursor.clone();
        }
        self.api.fits(&self.api.sent(&path)?, &body)?;
        let sent = self.http.post(format!("{}{path}", self.url)).bearer_auth(&self.token).json(&body);
        let answer: Value = sent.send().await?.error_for_status()?.json().await?;
        self.api.fits(&self.api.answered(&path)?, &answer)?;
        for document in answer["documents"].as_array().into_iter().flatten() {
            let schemas = &self.api.0["x-documents"][document["kind"].as_str().unwrap_or_default()];
            self.api.fits(&schemas["content"], &document["content"])?;
            self.api.fits(&schemas["summary"], &document["summary"])?;
        }
        self.cursor = answer["cursor"].clone();
        Ok(answer)
    }
}

/// Finds its way by the document alone: the addresses, the commands, the shapes of what it sends and of what it gets.
#[tokio::test(flavor = "multi_thread")]
async fn it_signs_in_syncs_logs_sends_twice_is_refused_once_and_reads_it_back() -> Outcome {
    let mut server = Within::start().await?;
    let mut client = Client::sign_in(&server.url).await?;
    let told = client.sync(&[]).await?;
    let documents = told["documents"].as_array().cloned().unwrap_or_default();
    let round = documents
        .iter()
        .find(|found| found["kind"] == json!("round") && found["summary"]["on"] == json!("2026-11-24"))
        .ok_or("no round today")?;
    let (id, stop) = (&round["id"], &round["content"]["stops"][0]["stop"]);
    let at = MORNING.as_millis();
    let log = json!({ "log": fresh_id(at), "stop": stop, "outcome": "delivered", "items_out": 3, "wish": "Deel 4" });
    let act = client.command(id, "log_delivery", &log)?;

    let first = client.sync(std::slice::from_ref(&act)).await?;
    assert!(first["results"][0]["accepted"]["hash"].is_string(), "{first}");
    let again = client.sync(std::slice::from_ref(&act)).await?;
    assert_eq!(again["results"][0]["accepted"], first["results"][0]["accepted"]);

    let nowhere = json!({ "log": fresh_id(at), "stop": fresh_id(at), "outcome": "delivered" });
    let nowhere = client.command(id, "log_delivery", &nowhere)?;
    let refused = client.sync(std::slice::from_ref(&nowhere)).await?;
    let problem = refused["results"][0]["refused"]["problem"].as_str().unwrap_or_default();
    assert_eq!(problem, "unknown-stop");
    assert_eq!(client.api.0["x-problems"][problem]["status"], json!(422), "the document tells what it is");

    client.cursor = Value::Null;
    let after = client.sync(&[]).await?;
    let after = after["documents"].as_array().cloned().unwrap_or_default();
    let round = after.iter().find(|found| found["id"] == *id).ok_or("the round is gone")?;
    let stops = round["content"]["stops"].as_array().cloned().unwrap_or_default();
    let logged = stops.iter().find(|found| found["stop"] == *stop).ok_or("the stop is gone")?;
    assert_eq!(logged["logs"].as_array().map(Vec::len), Some(1), "sent twice, it counts once");
    assert_eq!(logged["logs"][0]["wish"], json!("Deel 4"));
    server.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_that_is_wanted_whole_while_work_on_it_arrives_is_given_and_not_taken_away() -> Outcome {
    let mut server = Within::start().await?;
    let mut program = Program::sign_in(&server.url, "bezorger").await?;
    let documents = program.fetch_all().await?;
    let round = documents.iter().find(|found| found["kind"] == json!("round")).ok_or("no round")?;
    let round = round["id"].as_str().unwrap_or_default();
    let at = MORNING.as_millis();
    let act = command(fresh_id(at), round, "record_kilometres", at, &json!({ "metres": 9_000 }));
    // A device that begins anew, one that is up to date, and one that lags: on the page and beside it.
    for cursor in [program.cursor.clone(), None] {
        let mut body =
            json!({ "protocol": 1, "device_id": program.device, "commands": [act], "refetch": [round] });
        if let Some(cursor) = cursor {
            body["cursor"] = json!(cursor);
        }
        let (status, answer) = Program::ask(program.request("POST", "/api/sync").json(&body)).await?;
        assert!(
            status == 200 && answer["dropped"].as_array().is_none_or(Vec::is_empty),
            "{}",
            answer["dropped"]
        );
        let given =
            answer["documents"].as_array().into_iter().flatten().filter(|one| one["id"] == json!(round));
        assert_eq!(given.map(|one| one["whole"].clone()).collect::<Vec<_>>(), [json!(true)]);
    }
    server.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_volunteer_has_addresses_only_around_the_day_of_a_round() -> Outcome {
    let mut server = Within::start().await?;
    let mut program = Program::sign_in(&server.url, "bezorger").await?;
    let readers =
        |documents: &[Value]| documents.iter().filter(|found| found["kind"] == json!("reader")).count();
    let now = program.fetch_all().await?;
    assert!(readers(&now) > 0 && readers(&now) < 20, "{} readers", readers(&now));
    // Three days later the rounds of today and tomorrow are over, and the next is not near yet.
    server.clock.move_to(MORNING.plus_millis(3 * 24 * 3_600_000));
    let mut program = Program::sign_in(&server.url, "bezorger").await?;
    let later = program.fetch_all().await?;
    assert_eq!(readers(&later), 0);
    assert!(later.iter().any(|found| found["kind"] == json!("round")), "rounds hold no address, and stay");
    server.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_token_turns_and_the_one_before_works_until_its_successor_was_seen() -> Outcome {
    let mut server = Within::start().await?;
    let program = Program::sign_in(&server.url, "bezorger").await?;
    let turn = async |token: &str| -> Outcome<(u16, Value)> {
        let request = program.request("POST", "/api/token").json(&json!({ "refresh_token": token }));
        Program::ask(request).await
    };
    let (status, first) = turn(&program.refresh).await?;
    assert_eq!(status, 200, "{first}");
    // The answer was lost: the device still has the old one.
    let (status, second) = turn(&program.refresh).await?;
    assert_eq!(status, 200, "{second}");
    let newest = second["refresh_token"].as_str().unwrap_or_default().to_owned();
    let (status, _) = turn(&newest).await?;
    assert_eq!(status, 200);
    // Its successor was seen, so the first one is worth nothing.
    let (status, problem) = turn(&program.refresh).await?;
    assert_eq!((status, &problem["type"]), (401, &json!("/problems/not-signed-in")));
    server.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_an_unknown_person_and_too_many_tries_are_told_alike() -> Outcome {
    let mut server = Within::start().await?;
    let http = reqwest::Client::new();
    let sign_in = async |email: &str, password: &str| -> Outcome<(u16, Value)> {
        let body = json!({ "email": email, "password": password, "device_name": "x" });
        Program::ask(http.post(format!("{}/api/sign-in", server.url)).json(&body)).await
    };
    let wrong = sign_in("bezorger@voorbeeld.invalid", "fout").await?;
    let unknown = sign_in("niemand@voorbeeld.invalid", "fout").await?;
    assert_eq!(wrong, unknown);
    assert_eq!((wrong.0, &wrong.1["type"]), (401, &json!("/problems/wrong-credentials")));
    let mut last = 0;
    for _ in 0..6 {
        last = sign_in("bezorger@voorbeeld.invalid", "fout").await?.0;
    }
    assert_eq!(last, 429);
    // It is a wait, not a lock: later the right password works.
    server.clock.move_to(MORNING.plus_millis(20 * 60_000));
    assert_eq!(sign_in("bezorger@voorbeeld.invalid", PASSWORD).await?.0, 200);
    server.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn another_organisation_sees_nothing_and_gets_the_answer_of_what_does_not_exist() -> Outcome {
    let mut server = Within::start().await?;
    let mut own = Program::sign_in(&server.url, "bezorging").await?;
    let documents = own.fetch_all().await?;
    let reader = documents.iter().find(|found| found["kind"] == json!("reader")).ok_or("no reader")?;
    let http = reqwest::Client::new();
    let body = json!({ "email": "beheer@ander.invalid", "password": PASSWORD, "device_name": "x" });
    let signed_in: Value = http
        .post(format!("{}/api/sign-in", server.url))
        .header("noaber-program", "1")
        .json(&body)
        .send()
        .await?
        .json()
        .await?;
    let at = MORNING.as_millis();
    let foreign = reader["id"].as_str().unwrap_or_default();
    let ask = async |document: &str| -> Outcome<Value> {
        let act =
            command(fresh_id(at), document, "change_reader", at, &json!({ "changes": { "name": "Weg" } }));
        let request = json!({ "protocol": 1, "device_id": signed_in["device_id"], "commands": [act] });
        let token = signed_in["access_token"].as_str().unwrap_or_default();
        let (_, answer) =
            Program::ask(http.post(format!("{}/api/sync", server.url)).bearer_auth(token).json(&request))
                .await?;
        Ok(answer["results"][0]["refused"].clone())
    };
    let there = ask(foreign).await?;
    let not_there = ask(&fresh_id(at).to_string()).await?;
    assert_eq!(there, not_there);
    assert_eq!(there["problem"], json!("not-found"));
    server.stop().await
}
