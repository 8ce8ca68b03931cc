//! What stands in the address of the screen.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_params_map;

use crate::browser::machine::after_paint;

/// A part of the address by its name.
pub(crate) fn param<T: std::str::FromStr>(name: &'static str) -> Option<T> {
    use_params_map().with(|params| params.get(name)?.parse().ok())
}

/// Goes to another screen once what was just said is to be seen: drawing that screen takes longer than saying *bewaard*.
pub(crate) async fn goes_on(navigate: impl Fn(&str, NavigateOptions), to: &str) {
    after_paint().await;
    navigate(to, NavigateOptions::default());
}
