//! A picture for the camera of another device.

use leptos::prelude::*;
use serde::Deserialize;

/// The picture, as the server drew it: always dark on white, with the quiet zone that a camera needs.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct Picture {
    size: usize,
    path: String,
}

/// Shows it.
#[component]
pub fn Qr(picture: Picture, #[prop(into)] label: String) -> impl IntoView {
    let wide = picture.size + 8;
    view! {
        <svg class="qr" role="img" aria-label=label viewBox=format!("-4 -4 {wide} {wide}")>
            <path d=picture.path></path>
        </svg>
    }
}
