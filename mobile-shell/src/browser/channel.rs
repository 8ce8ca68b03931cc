//! Talking to other tabs, and hearing from the server.

use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;
use web_sys::{BroadcastChannel, MessageEvent, WebSocket};

/// Bytes to and from the other tabs of this app.
pub(crate) struct Channel {
    channel: BroadcastChannel,
    _heard: Closure<dyn FnMut(MessageEvent)>,
}

impl Channel {
    /// Opens the channel; `heard` gets what other tabs say.
    pub(crate) fn open(name: &str, mut heard: impl FnMut(Vec<u8>) + 'static) -> Result<Self, JsValue> {
        let channel = BroadcastChannel::new(name)?;
        let on = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            if let Ok(bytes) = event.data().dyn_into::<Uint8Array>() {
                heard(bytes.to_vec());
            }
        });
        channel.set_onmessage(Some(on.as_ref().unchecked_ref()));
        Ok(Self { channel, _heard: on })
    }

    /// Says something to the other tabs.
    pub(crate) fn say(&self, bytes: &[u8]) {
        // Nobody may be listening: that is fine.
        let _ = self.channel.post_message(&Uint8Array::from(bytes));
    }
}

/// A WebSocket that only listens.
pub(crate) struct Live {
    socket: WebSocket,
    _message: Closure<dyn FnMut(MessageEvent)>,
    _close: Closure<dyn FnMut()>,
}

impl Live {
    /// Opens it at a path of our own server.
    pub(crate) fn open(
        path: &str,
        mut news: impl FnMut() + 'static,
        closed: impl FnMut() + 'static,
    ) -> Result<Self, JsValue> {
        let location = web_sys::window().ok_or(JsValue::NULL)?.location();
        let protocol = if location.protocol()? == "https:" { "wss" } else { "ws" };
        let socket = WebSocket::new(&format!("{protocol}://{}{path}", location.host()?))?;
        let message = Closure::<dyn FnMut(MessageEvent)>::new(move |_: MessageEvent| news());
        let close = Closure::<dyn FnMut()>::new(closed);
        socket.set_onmessage(Some(message.as_ref().unchecked_ref()));
        socket.set_onclose(Some(close.as_ref().unchecked_ref()));
        Ok(Self { socket, _message: message, _close: close })
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        self.socket.set_onmessage(None);
        self.socket.set_onclose(None);
        let _ = self.socket.close();
    }
}
