//! A geocoder that the library chose: asked for a postcode and a number and nothing else, and not believed further than it reads.

use serde_json::{Value, json};
use tests::Outcome;
use tests::api::Program;
use tests::server::Within;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

/// A geocoder on this machine that gives these answers, one after the other, and tells what it was asked.
async fn geocoder(answers: Vec<(u16, &'static str)>) -> Outcome<(String, mpsc::UnboundedReceiver<String>)> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = format!("http://{}/free", listener.local_addr()?);
    let (tell, asked) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        for (status, body) in answers {
            let Ok((mut socket, _)) = listener.accept().await else { return };
            let mut request = vec![0; 4_096];
            let Ok(length) = socket.read(&mut request).await else { return };
            let head = String::from_utf8_lossy(&request[..length]).into_owned();
            // The test may be over.
            let _ = tell.send(head.lines().next().unwrap_or_default().to_owned());
            let answer = format!(
                "HTTP/1.1 {status} Told\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
                body.len()
            );
            let _ = socket.write_all(answer.as_bytes()).await;
        }
    });
    Ok((address, asked))
}

async fn position(program: &Program, postcode: &str, number: &str) -> Outcome<(u16, Value)> {
    let body = json!({ "postcode": postcode, "house_number": number });
    Program::ask(program.request("POST", "/api/taalhuis/position").json(&body)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_is_looked_up_without_a_name_and_only_where_the_library_wants_it() -> Outcome {
    let found = r#"{"response":{"numFound":1,"docs":[{"centroide_ll":"POINT(6.76300123 53.00400987)"}]}}"#;
    let none = r#"{"response":{"numFound":0,"docs":[]}}"#;
    let odd = r#"{"response":{"docs":[{"centroide_ll":"POINT(Gieten)"}]}}"#;
    let (address, mut asked) =
        geocoder(vec![(200, found), (200, none), (200, odd), (200, "<html>"), (503, "")]).await?;
    let mut server = Within::start_as("sqlite::memory:", |config| config.geocoder = address).await?;
    let coordinator = Program::sign_in(&server.url, "taalhuis").await?;
    let (status, told) = position(&coordinator, "9461 ss", "12 a").await?;
    assert_eq!((status, &told["position"]), (200, &json!("5300400,676300")), "{told}");
    let line = asked.recv().await.ok_or("never asked")?;
    assert!(line.contains("postcode%3A9461ss+and+huisnummer%3A12&"), "{line}");
    for (what, expected) in [("nothing there", 404), ("no position", 404), ("no JSON", 404), ("away", 503)] {
        assert_eq!(position(&coordinator, "9461 SS", "").await?.0, expected, "{what}");
    }
    // Whoever does not coordinate asks nothing, nor does a text that is no postcode.
    let buddy = Program::sign_in(&server.url, "taalmaatje").await?;
    assert_eq!(position(&buddy, "9461 SS", "12").await?.0, 403);
    assert_eq!(position(&coordinator, "Mevrouw Hilbrands", "12").await?.0, 422);
    server.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn by_default_nobody_is_asked_where_an_address_lies() -> Outcome {
    let mut server = Within::start().await?;
    let coordinator = Program::sign_in(&server.url, "taalhuis").await?;
    let (status, told) = position(&coordinator, "9461 SS", "12").await?;
    assert_eq!((status, &told["detail"]), (404, &json!("no geocoder")));
    server.stop().await
}
