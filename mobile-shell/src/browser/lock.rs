//! Web Locks: one tab leads. "Unstable" in web-sys, in every browser since 2022.

use futures_channel::oneshot;
use js_sys::Promise;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(typescript_type = "LockManager")]
    type LockManager;
    #[wasm_bindgen(thread_local_v2, js_namespace = navigator, js_name = locks)]
    static LOCKS: Option<LockManager>;
    #[wasm_bindgen(method, catch)]
    fn request(
        this: &LockManager,
        name: &str,
        options: &JsValue,
        callback: &JsValue,
    ) -> Result<Promise, JsValue>;
}

/// Held as long as this lives.
pub(crate) struct Lock {
    release: js_sys::Function,
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Settles the promise that holds it: this cannot fail.
        let _ = self.release.call0(&JsValue::UNDEFINED);
    }
}

/// Whether this browser has locks at all: it has none outside of a secure context.
pub(crate) fn available() -> bool {
    LOCKS.with(Option::is_some)
}

/// Waits until this tab holds the lock; with `at_once` it gives up when another tab has it.
pub(crate) async fn acquire(name: &str, at_once: bool) -> Option<Lock> {
    let (give, given) = oneshot::channel::<Option<Lock>>();
    let callback = Closure::once_into_js(move |lock: JsValue| -> JsValue {
        if lock.is_null() {
            let _ = give.send(None);
            return JsValue::UNDEFINED;
        }
        let mut release = None;
        // The lock is held until this promise settles.
        let held = Promise::new(&mut |resolve, _| release = Some(resolve));
        let _ = give.send(release.map(|release| Lock { release: release.unchecked_into() }));
        held.into()
    });
    let options = js_sys::Object::new();
    js_sys::Reflect::set(&options, &"ifAvailable".into(), &at_once.into()).ok()?;
    let request = LOCKS.with(|locks| locks.as_ref().map(|locks| locks.request(name, &options, &callback)))?;
    // The promise settles when the lock is released: nothing waits for that.
    drop(request.ok()?);
    given.await.ok().flatten()
}
