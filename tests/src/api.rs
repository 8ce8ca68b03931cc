//! A program that speaks JSON, as an integrator would write it.

use reqwest::{Client, RequestBuilder, StatusCode};
use serde_json::{Value, json};
use sync_core::time::Timestamp;
use uuid::Uuid;

use crate::Outcome;

/// Everybody's password in the sample.
pub const PASSWORD: &str = "noaber-voorbeeld";

/// A signed-in program.
#[derive(Clone, Debug)]
pub struct Program {
    http: Client,
    /// Where it asks.
    pub url: String,
    /// Its access token.
    pub token: String,
    /// Its refresh token.
    pub refresh: String,
    /// Its device.
    pub device: Uuid,
    /// What the sign-in answered.
    pub signed_in: Value,
    /// How far it is.
    pub cursor: Option<String>,
}

/// A fresh id, as a program makes one.
#[must_use]
pub fn fresh_id(millis: i64) -> Uuid {
    let bytes =
        *Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("{:?}", std::time::Instant::now()).as_bytes()).as_bytes();
    let mut chance = [0_u8; 10];
    chance.copy_from_slice(&bytes[..10]);
    uuid::Builder::from_unix_timestamp_millis(u64::try_from(millis).unwrap_or_default(), &chance).into_uuid()
}

/// Knocks at a door of the server, as a program that is not signed in.
pub async fn knock(url: &str, path: &str, body: Value) -> Outcome<(u16, Value)> {
    let http = Client::new();
    Program::ask(http.post(format!("{url}{path}")).header("noaber-program", "1").json(&body)).await
}

impl Program {
    /// Somebody lets this person in with a code: what the new phone ends with.
    pub async fn let_in(url: &str, by: &Self, user: &str) -> Outcome<Self> {
        let path = format!("/api/people/{user}/invitation");
        let (_, invited) = Self::ask(by.request("POST", &path).json(&json!({ "way": "code" }))).await?;
        let body = json!({ "secret": invited["code"], "device_name": "Telefoon" });
        let (_, shown) = knock(url, "/api/join", body).await?;
        let path = format!("/api/invitations/{}/confirm", invited["invitation"].as_str().unwrap_or_default());
        Self::ask(by.request("POST", &path).json(&json!({ "digits": shown["digits"] }))).await?;
        let (status, answer) = knock(url, "/api/join/finish", json!({ "join": shown["join"] })).await?;
        if status != 200 {
            return Err(format!("not let in: {status} {answer}").into());
        }
        Self::signed_in(url, answer)
    }

    /// Signs in as this person of the sample.
    pub async fn sign_in(url: &str, who: &str) -> Outcome<Self> {
        let email = if who.contains('@') { who.to_owned() } else { format!("{who}@voorbeeld.invalid") };
        let http = Client::builder().build()?;
        let answer = http
            .post(format!("{url}/api/sign-in"))
            .header("noaber-program", "1")
            .json(&json!({ "email": email, "password": PASSWORD, "device_name": "program" }))
            .send()
            .await?;
        if answer.status() != StatusCode::OK {
            return Err(format!("sign-in of {who}: {} {}", answer.status(), answer.text().await?).into());
        }
        Self::signed_in(url, answer.json().await?)
    }

    /// A program that was let in with this answer.
    pub fn signed_in(url: &str, signed_in: Value) -> Outcome<Self> {
        let text = |key: &str| signed_in[key].as_str().unwrap_or_default().to_owned();
        Ok(Self {
            http: Client::builder().build()?,
            url: url.to_owned(),
            token: text("access_token"),
            refresh: text("refresh_token"),
            device: text("device_id").parse()?,
            cursor: None,
            signed_in,
        })
    }

    /// Gets a fresh access token with the refresh token.
    pub async fn refreshes(&mut self) -> Outcome {
        let body = json!({ "refresh_token": self.refresh });
        let (status, answer) =
            Self::ask(self.http.post(format!("{}/api/token", self.url)).json(&body)).await?;
        if status != 200 {
            return Err(format!("no fresh token: {status} {answer}").into());
        }
        let text = |key: &str| answer[key].as_str().unwrap_or_default().to_owned();
        (self.token, self.refresh) = (text("access_token"), text("refresh_token"));
        Ok(())
    }

    /// A request with the token.
    pub fn request(&self, method: &str, path: &str) -> RequestBuilder {
        let method = method.parse().unwrap_or(reqwest::Method::GET);
        self.http.request(method, format!("{}{path}", self.url)).bearer_auth(&self.token)
    }

    /// The status and body of a request.
    pub async fn ask(request: RequestBuilder) -> Outcome<(u16, Value)> {
        let answer = request.send().await?;
        let status = answer.status().as_u16();
        let body = answer.text().await?;
        Ok((status, serde_json::from_str(&body).unwrap_or(Value::String(body))))
    }

    /// A step of an import (`look`, `check` or `run`) of this file; its status and answer.
    pub async fn import(&self, target: &str, step: &str, plan: &Value, file: &[u8]) -> Outcome<(u16, Value)> {
        let mut body = format!(
            "--rand\r\nContent-Disposition: form-data; name=\"plan\"\r\n\r\n{plan}\r\n--rand\r\n\
             Content-Disposition: form-data; name=\"file\"; filename=\"lijst\"\r\n\r\n"
        )
        .into_bytes();
        body.extend_from_slice(file);
        body.extend_from_slice(b"\r\n--rand--\r\n");
        let request = self.request("POST", &format!("/api/import/{target}/{step}"));
        Self::ask(request.header("content-type", "multipart/form-data; boundary=rand").body(body)).await
    }

    /// One exchange, with these commands; the answer.
    pub async fn sync(&mut self, commands: Vec<Value>) -> Outcome<Value> {
        let (status, answer) = self.tries_to_sync(commands).await?;
        if status == 200 { Ok(answer) } else { Err(format!("sync: {status} {answer}").into()) }
    }

    /// One exchange, with these commands; its status and answer.
    pub async fn tries_to_sync(&mut self, commands: Vec<Value>) -> Outcome<(u16, Value)> {
        let mut body = json!({ "protocol": 1, "device_id": self.device, "commands": commands });
        if let Some(cursor) = &self.cursor {
            body["cursor"] = json!(cursor);
        }
        let (status, answer) = Self::ask(self.request("POST", "/api/sync").json(&body)).await?;
        if status == 200 {
            self.cursor = answer["cursor"].as_str().map(str::to_owned);
        }
        Ok((status, answer))
    }

    /// Everything this person may hold, by kind.
    pub async fn fetch_all(&mut self) -> Outcome<Vec<Value>> {
        self.cursor = None;
        let mut documents = Vec::new();
        loop {
            let answer = self.sync(Vec::new()).await?;
            documents.extend(answer["documents"].as_array().cloned().unwrap_or_default());
            if answer["more"] != json!(true) {
                return Ok(documents);
            }
        }
    }
}

/// A command as a program writes it: without what only a program that keeps documents knows.
#[must_use]
pub fn command(id: Uuid, document: &str, kind: &str, at: i64, body: &Value) -> Value {
    json!({ "id": id, "document": document, "kind": kind, "at": at, "body": body })
}

/// What the app for codes shows at this moment.
pub fn code_at(secret: &str, now: Timestamp) -> Outcome<String> {
    let secret = totp_rs::Secret::try_from_base32(secret).map_err(|error| format!("{error:?}"))?;
    let totp = totp_rs::Builder::new().with_secret(secret).build().map_err(|error| format!("{error:?}"))?;
    Ok(totp.generate(u64::try_from(now.as_millis() / 1_000)?).to_string())
}
