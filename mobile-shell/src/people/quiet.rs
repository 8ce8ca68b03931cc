//! Devices that were not heard of for a while: what they hold may be missing.

use leptos::prelude::*;
use leptos_router::components::A;
use serde::Deserialize;
use sync_core::ids::{DeviceId, UserId};
use sync_core::time::Timestamp;

use super::{Asked, ask};
use crate::driver::driver;
use crate::settings::words;
use crate::when;

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
struct QuietDevice {
    device: DeviceId,
    device_name: String,
    user: UserId,
    name: String,
    last_contact_at: i64,
    missing: usize,
}

/// The list, where there is something to tell.
#[component]
pub fn Quiet() -> impl IntoView {
    let devices: Asked<Vec<QuietDevice>> = RwSignal::new(None);
    ask(devices, "/api/devices/quiet");
    let rows = Memo::new(move |_| devices.get().and_then(Result::ok).unwrap_or_default());
    let row = move |row: QuietDevice| {
        let at = when::lately(words(), Timestamp(row.last_contact_at), driver().now());
        view! {
            <li>
                <A href=format!("/mensen/{}", row.user) attr:class="item link">
                    <span class="grow">
                        <b>{row.name}</b>
                        <span class="soft">{words().quiet_since(row.device_name, at)}</span>
                        {(row.missing > 0).then(|| view! { <span class="danger">{words().quiet_missing(row.missing)}</span> })}
                    </span>
                </A>
            </li>
        }
    };
    move || {
        (!rows.with(Vec::is_empty)).then(|| {
            view! {
                <details id="quiet">
                    <summary>{words().quiet_title(rows.with(Vec::len))}</summary>
                    <p class="soft">{words().quiet_text()}</p>
                    <ul class="rows">{rows.get().into_iter().map(row).collect_view()}</ul>
                </details>
            }
        })
    }
}
