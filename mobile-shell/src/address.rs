//! What stands in the address of the screen.

use std::collections::BTreeMap;

use leptos::prelude::*;
use leptos_router::NavigateOptions;

use crate::browser::machine::after_paint;

/// The parts of an address that differ from one time to the next, by their names.
pub(crate) type Parts = BTreeMap<String, String>;

/// A part of the address by its name.
pub(crate) fn param<T: std::str::FromStr>(name: &'static str) -> Option<T> {
    use_context::<Memo<Parts>>()?.with(|parts| parts.get(name)?.parse().ok())
}

/// Goes to another screen once what was just said is to be seen: drawing that screen takes longer than saying *bewaard*.
pub(crate) async fn goes_on(navigate: impl Fn(&str, NavigateOptions), to: &str) {
    after_paint().await;
    navigate(to, NavigateOptions::default());
}
