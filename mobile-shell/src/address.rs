//! What stands in the address of the screen.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// A part of the address by its name.
pub(crate) fn param<T: std::str::FromStr>(name: &'static str) -> Option<T> {
    use_params_map().with(|params| params.get(name)?.parse().ok())
}
