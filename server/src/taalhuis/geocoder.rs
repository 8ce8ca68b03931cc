//! Where an address lies, asked of a geocoder that the library chose; off by default, since a postcode and a house number leave the
//! library then. Made for the Locatieserver of PDOK (Kadaster), which asks no key: `GET /free?q=…&fl=centroide_ll` answers with
//! `POINT(longitude latitude)`.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::response::{IntoResponse as _, Response};
use serde::{Deserialize, Serialize};
use sync_core::access::Role;
use sync_core::problem::ProblemKind;
use sync_core::questions::position;
use sync_core::text::check_postcode;
use ureq::Agent;
use url::Url;
use utoipa::ToSchema;

use crate::app_state::AppState;
use crate::auth::Actor;
use crate::problem::{Problem, ProblemBody};

/// How long a person waits for it.
const PATIENCE: Duration = Duration::from_secs(5);
/// The most of an answer that is read.
const ANSWER_MAX: u64 = 64 * 1_024;

/// An address without a name.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Address {
    #[schema(example = "9461 SS")]
    postcode: String,
    /// Left out, the middle of the postcode is good enough.
    #[serde(default)]
    #[schema(example = "12")]
    house_number: String,
}

/// Where it lies.
#[derive(Serialize, ToSchema)]
struct Place {
    /// Latitude and longitude in hundred-thousandths of a degree, with a comma between: an answer to the question `position`.
    #[schema(example = "5300400,676300")]
    position: String,
}

#[derive(Deserialize)]
struct Found {
    response: FoundDocs,
}

#[derive(Deserialize)]
struct FoundDocs {
    docs: Vec<FoundDoc>,
}

#[derive(Deserialize)]
struct FoundDoc {
    centroide_ll: Option<String>,
}

/// A position of what the geocoder calls `POINT(6.763 53.004)`.
fn read(point: &str) -> Option<String> {
    let (longitude, latitude) = point.strip_prefix("POINT(")?.strip_suffix(')')?.split_once(' ')?;
    let angle = |text: &str| -> Option<String> {
        let (whole, part) = text.split_once('.').unwrap_or((text, ""));
        // Five figures behind the point are a metre; digits alone, so that nothing is rounded on the way.
        let part: String = part.chars().chain("00000".chars()).take(5).collect();
        format!("{whole}{part}").parse::<i32>().ok().map(|angle| angle.to_string())
    };
    let told = format!("{},{}", angle(latitude)?, angle(longitude)?);
    position(&told).map(|_| told)
}

/// Where an address lies, for the distance between two people. Only when the library set a geocoder; else there is nothing here.
#[utoipa::path(post, path = "/api/taalhuis/position", tag = "taalhuis", security(("bearer" = [])), request_body = Address,
    responses((status = 200, body = Place),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(super) async fn find(
    State(state): State<AppState>,
    actor: Actor,
    body: Result<Json<Address>, JsonRejection>,
) -> Result<Response, Problem> {
    actor.need(Role::TaalhuisCoordinator)?;
    let Json(address) = body?;
    check_postcode(&address.postcode)?;
    if state.config.geocoder.is_empty() {
        return Err(Problem::new(ProblemKind::NotFound).about("no geocoder"));
    }
    let number: String = address.house_number.chars().take_while(char::is_ascii_digit).take(5).collect();
    let postcode: String = address.postcode.chars().filter(|c| *c != ' ').collect();
    let wanted = if number.is_empty() {
        format!("postcode:{postcode}")
    } else {
        format!("postcode:{postcode} and huisnummer:{number}")
    };
    let query = [("q", wanted.as_str()), ("fl", "centroide_ll"), ("rows", "1")];
    let url = Url::parse_with_params(&state.config.geocoder, query).map_err(Problem::failure)?;
    let asked = tokio::task::spawn_blocking(move || ask(url.as_str())).await.map_err(Problem::failure)?;
    let position = asked?.ok_or_else(|| Problem::new(ProblemKind::NotFound).about("no such address"))?;
    Ok(Json(Place { position }).into_response())
}

/// Asks the geocoder. What it answers is not believed further than it reads as a position.
fn ask(url: &str) -> Result<Option<String>, Problem> {
    let config = Agent::config_builder().timeout_global(Some(PATIENCE)).max_redirects(0).build();
    let away = |_| Problem::new(ProblemKind::StorageUnavailable).about("the geocoder does not answer");
    let mut answer = Agent::new_with_config(config).get(url).call().map_err(away)?;
    let body = answer.body_mut().with_config().limit(ANSWER_MAX).read_to_vec();
    let found = body.ok().and_then(|body| serde_json::from_slice::<Found>(&body).ok());
    let first = found.and_then(|found| found.response.docs.into_iter().next());
    Ok(first.and_then(|doc| read(&doc.centroide_ll?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_geocoder_says_is_read_as_a_position_or_not_at_all() {
        assert_eq!(read("POINT(6.76300123 53.00400987)").as_deref(), Some("5300400,676300"));
        assert_eq!(read("POINT(6.7 53)").as_deref(), Some("5300000,670000"));
        for point in ["", "POINT(6.7)", "POINT(6.7 953.0)", "POINT(a b)", "<html>", "POINT(6.7 53.0"] {
            assert_eq!(read(point), None, "{point}");
        }
    }
}
