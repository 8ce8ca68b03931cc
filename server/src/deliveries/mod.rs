//! Bibliotheek aan Huis on the server: rows and what is read from them. Writing goes through the exchange.

mod about;
pub mod entity;
pub mod projection;
mod report;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app_state::AppState;

/// The routes of this slice.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(report::refused_acts))
        .routes(routes!(report::settle_refused_act))
        .routes(routes!(report::visits))
        .routes(routes!(about::about))
}
