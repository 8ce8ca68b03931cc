//! Bibliotheek aan Huis on the server: rows and what is read from them. Writing goes through the exchange.

mod about;
pub mod entity;
pub(crate) mod fetched;
pub mod projection;
mod report;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app_state::AppState;
use crate::refused;

/// The routes of this slice.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(refused::of_deliveries))
        .routes(routes!(refused::settle_of_deliveries))
        .routes(routes!(report::visits))
        .routes(routes!(about::about))
}
