//! What is tried within a browser without any screen: the promises of a store on its IndexedDB, and what matching costs there. A program of
//! its own, for tests and benches: nobody gets it. The people in it do not exist.

use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;
use sync_core::conformance::{self, check};
use sync_core::replica::{Stored, Writes};
use sync_core::taalhuis::matching::crowd::Crowd;
use sync_core::taalhuis::matching::{Weights, propose};
use uuid::Uuid;
use wasm_bindgen_futures::spawn_local;

use crate::browser::crypto::{self, Raw};
use crate::browser::machine;
use crate::store::Store;
use crate::vault::DataKey;

/// Learners and buddies of a large Taalhuis.
const LEARNERS: u128 = 300;
const BUDDIES: u128 = 200;

/// Tries what the address asks for; how it went is all that the page says.
pub fn start() {
    console_error_panic_hook::set_once();
    spawn_local(async {
        let told = match leptos::prelude::window().location().pathname().as_deref() {
            Ok("/store") => conforms().await.map_or_else(|broken| broken, |()| "kept".to_owned()),
            Ok("/matching") => matches().await,
            _ => "there are /store and /matching".to_owned(),
        };
        if let Ok(Some(main)) = leptos::prelude::document().query_selector("main") {
            main.set_text_content(Some(&told));
        }
    });
}

/// The milliseconds that a proposal for everybody takes, and its total.
async fn matches() -> String {
    let today = machine::now().local_date();
    let mut crowd = Crowd::new(ChaCha20Rng::seed_from_u64(1), today, false);
    let (needs, offers) = (crowd.needs(LEARNERS), crowd.offers(BUDDIES));
    machine::after_paint().await;
    let begun = machine::millis();
    let proposal = propose(&needs, &offers, &Weights::default(), today);
    format!("{:.1} {}", machine::millis() - begun, proposal.total())
}

struct Tested {
    name: String,
    key: DataKey,
    store: Option<Store>,
}

impl conformance::Store for Tested {
    async fn reopen(&mut self) -> Stored {
        self.store = Store::open(&self.name).await.ok();
        if let Some(store) = &self.store {
            store.unlock(self.key.clone());
        }
        match &self.store {
            Some(store) => store.load().await.unwrap_or_default(),
            None => Stored::default(),
        }
    }

    async fn write(&mut self, writes: &Writes) -> bool {
        match &self.store {
            Some(store) => store.write(writes).await.is_ok(),
            None => false,
        }
    }
}

/// Runs the suite that every store passes.
async fn conforms() -> Result<(), String> {
    let failed = |error: &dyn std::fmt::Debug| format!("{error:?}");
    let raw = Raw::new(crypto::random().map_err(|error| failed(&error))?);
    let key = DataKey::from_raw(Uuid::nil(), &raw).await.map_err(|error| failed(&error))?;
    let name = format!("noaber-conformance-{}", machine::now().as_millis());
    let store = Store::open(&name).await.map_err(|error| failed(&error))?;
    store.unlock(key.clone());
    check(&mut Tested { name, key, store: Some(store) }).await
}
