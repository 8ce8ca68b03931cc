//! An event listener that is taken away when it is dropped.

use wasm_bindgen::prelude::*;
use web_sys::{Event, EventTarget};

/// Listens as long as it lives.
#[must_use = "dropped, it no longer listens"]
pub(crate) struct Listener {
    target: EventTarget,
    name: &'static str,
    closure: Closure<dyn FnMut(Event)>,
}

impl Listener {
    /// Calls `heard` at each event of this name.
    pub(crate) fn new(target: &EventTarget, name: &'static str, heard: impl FnMut(Event) + 'static) -> Self {
        let closure = Closure::<dyn FnMut(Event)>::new(heard);
        // The target is alive and the name is a string: this cannot fail.
        let _ = target.add_event_listener_with_callback(name, closure.as_ref().unchecked_ref());
        Self { target: target.clone(), name, closure }
    }

    /// Listens as long as the page lives.
    pub(crate) fn forever(self) {
        std::mem::forget(self);
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let _ =
            self.target.remove_event_listener_with_callback(self.name, self.closure.as_ref().unchecked_ref());
    }
}
