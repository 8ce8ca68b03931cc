//! Bytes from outside never panic: noise and bent copies of good requests at every route of the document.

use std::collections::BTreeSet;

use rand_chacha::ChaCha8Rng;
use rand_core::{RngCore as _, SeedableRng as _};
use serde_json::{Value, json};
use sync_core::sync::cbor;
use sync_core::sync::message::{PROTOCOL, SyncRequest};
use tests::Outcome;
use tests::api::{Program, command, fresh_id};
use tests::server::{MORNING, Within};

/// Bodies for each route.
const ROUNDS: usize = 40;
const KINDS: [&str; 4] =
    ["application/json", "application/cbor", "application/octet-stream", "text/plain; charset=\u{ff}"];

struct Noise {
    rng: ChaCha8Rng,
    good: Vec<Vec<u8>>,
}

impl Noise {
    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.rng.next_u32()).unwrap_or_default() % limit.max(1)
    }

    fn bytes(&mut self, most: usize) -> Vec<u8> {
        let mut bytes = vec![0; self.below(most)];
        self.rng.fill_bytes(&mut bytes);
        bytes
    }

    /// A good body with some bytes changed, cut off, or doubled.
    fn bent(&mut self) -> Vec<u8> {
        let which = self.below(self.good.len());
        let mut body = self.good[which].clone();
        for _ in 0..=self.below(4) {
            let at = self.below(body.len());
            match self.below(4) {
                0 => body.truncate(at),
                1 => body.extend_from_within(at..),
                2 => body.insert(at, b'['),
                _ => {
                    if let Some(byte) = body.get_mut(at) {
                        *byte = u8::try_from(self.rng.next_u32() & 0xff).unwrap_or_default();
                    }
                }
            }
        }
        body
    }

    fn body(&mut self) -> Vec<u8> {
        match self.below(5) {
            0 => self.bytes(2_000),
            1 => vec![b'['; 60_000],
            2 => [vec![0x81; 60_000], vec![0x80]].concat(),
            _ => self.bent(),
        }
    }
}

fn good(device: uuid::Uuid) -> Vec<Vec<u8>> {
    let at = MORNING.as_millis();
    let act = command(
        fresh_id(at),
        &fresh_id(at).to_string(),
        "log_delivery",
        at,
        &json!({ "log": fresh_id(at),
        "stop": fresh_id(at), "outcome": "delivered" }),
    );
    let request = SyncRequest {
        protocol: PROTOCOL,
        device_id: device.into(),
        cursor: None,
        commands: Vec::new(),
        refetch: Vec::new(),
        want: 500,
    };
    vec![
        json!({ "protocol": 1, "device_id": device, "commands": [act] }).to_string().into_bytes(),
        cbor::to_vec(&request),
        json!({ "email": "bezorger@voorbeeld.invalid", "password": "x", "device_name": "x" })
            .to_string()
            .into_bytes(),
        json!({ "id": fresh_id(at) }).to_string().into_bytes(),
    ]
}

/// Every route of the document, with its methods, and names in its path filled in with noise.
fn routes(document: &Value) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for (path, item) in document["paths"].as_object().into_iter().flatten() {
        for method in item.as_object().into_iter().flat_map(|item| item.keys()) {
            all.push((method.to_uppercase(), path.replace(['{', '}'], "")));
        }
        all.push(("DELETE".to_owned(), path.clone()));
    }
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn no_bytes_from_outside_make_the_server_fail() -> Outcome {
    let mut server = Within::start().await?;
    let document: Value = reqwest::get(format!("{}/api/openapi.json", server.url)).await?.json().await?;
    let program = Program::sign_in(&server.url, "bezorging").await?;
    let mut noise = Noise { rng: ChaCha8Rng::seed_from_u64(7), good: good(program.device) };
    let routes = routes(&document);
    assert!(routes.len() > 10, "{routes:?}");
    let mut answers = BTreeSet::new();
    for (method, path) in &routes {
        // Signing out would end the session of all that follow.
        if path.ends_with("sign-out") {
            continue;
        }
        for round in 0..ROUNDS {
            let query = if round % 3 == 0 { "?from=%00&format=%f0%9f&cursor=AAAA" } else { "" };
            let body = noise.body();
            let kind = reqwest::header::HeaderValue::from_bytes(KINDS[noise.below(KINDS.len())].as_bytes())?;
            let send = || {
                let request = program
                    .request(method, &format!("{path}{query}"))
                    .header("content-type", &kind)
                    .header("noaber-program", "1")
                    .body(body.clone());
                if round % 7 == 0 { request.header("content-encoding", "gzip") } else { request }
            };
            // An answer to a body that is not read closes the connection, sometimes before the answer is seen: asked again.
            // What fails every time is a failure.
            let mut told = Program::ask(send()).await;
            for _ in 0..4 {
                if told.is_err() {
                    told = Program::ask(send()).await;
                }
            }
            let (status, answer) = told?;
            answers.insert(status);
            assert!(
                status < 500,
                "{method} {path} answered {status} {answer} to {:?}",
                String::from_utf8_lossy(&body)
            );
        }
    }
    assert!(answers.contains(&400) && answers.contains(&405), "{answers:?}");
    // And it still does its work.
    let mut volunteer = Program::sign_in(&server.url, "bezorger").await?;
    assert!(!volunteer.fetch_all().await?.is_empty());
    server.stop().await
}
