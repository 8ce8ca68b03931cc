//! Taalhuis on the server: rows, what is read from them, and the public page on which somebody registers. Writing goes through the
//! exchange.

mod about;
pub mod entity;
mod figures;
mod geocoder;
pub mod projection;
pub(crate) mod register;
mod report;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app_state::AppState;
use crate::refused;

/// The routes of this slice.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(report::overview))
        .routes(routes!(register::page, register::send))
        .routes(routes!(about::about))
        .routes(routes!(geocoder::find))
        .routes(routes!(refused::of_taalhuis))
        .routes(routes!(refused::settle_of_taalhuis))
}
