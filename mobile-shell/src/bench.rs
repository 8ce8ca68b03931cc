//! What matching costs on this device: for the bench, and for who is curious. The people in it do not exist.

use leptos::prelude::*;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;
use sync_core::taalhuis::matching::crowd::Crowd;
use sync_core::taalhuis::matching::{Weights, propose};

use crate::browser::machine;

/// Learners and buddies of a large Taalhuis.
const LEARNERS: u128 = 300;
const BUDDIES: u128 = 200;

/// Proposes a buddy for everybody, and shows the milliseconds and the total.
#[component]
pub fn MatchingScreen() -> impl IntoView {
    let told = RwSignal::new(String::new());
    leptos::task::spawn_local(async move {
        let today = machine::now().local_date();
        let mut crowd = Crowd::new(ChaCha20Rng::seed_from_u64(1), today, false);
        let (needs, offers) = (crowd.needs(LEARNERS), crowd.offers(BUDDIES));
        machine::after_paint().await;
        let begun = machine::millis();
        let proposal = propose(&needs, &offers, &Weights::default(), today);
        told.set(format!("{:.1} {}", machine::millis() - begun, proposal.total()));
    });
    view! { <h1>"Matching"</h1><p id="matching">{told}</p> }
}
