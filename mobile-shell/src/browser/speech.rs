//! Reading aloud, by a voice of the device alone: what is said goes to nobody. Written down here, since web-sys brings far more of it.

use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    type Speech;
    #[wasm_bindgen(thread_local_v2, js_name = speechSynthesis)]
    static SPEECH: Option<Speech>;
    #[wasm_bindgen(method, js_name = getVoices)]
    fn voices(this: &Speech) -> Vec<Voice>;
    #[wasm_bindgen(method, getter)]
    fn speaking(this: &Speech) -> bool;
    #[wasm_bindgen(method)]
    fn cancel(this: &Speech);
    #[wasm_bindgen(method)]
    fn speak(this: &Speech, said: &Said);

    type Voice;
    #[wasm_bindgen(method, getter, js_name = localService)]
    fn is_local(this: &Voice) -> bool;
    #[wasm_bindgen(method, getter)]
    fn lang(this: &Voice) -> String;

    #[wasm_bindgen(js_name = SpeechSynthesisUtterance)]
    type Said;
    #[wasm_bindgen(constructor, js_class = "SpeechSynthesisUtterance")]
    fn new(text: &str) -> Said;
    #[wasm_bindgen(method, setter)]
    fn set_voice(this: &Said, voice: &Voice);
    #[wasm_bindgen(method, setter)]
    fn set_lang(this: &Said, lang: &str);
}

/// The Dutch voice of this device: the texts for learners are Dutch.
fn voice(speech: &Speech) -> Option<Voice> {
    speech.voices().into_iter().find(|voice| voice.is_local() && voice.lang().starts_with("nl"))
}

/// Whether this device has a Dutch voice of its own.
pub(crate) fn can_speak() -> bool {
    SPEECH.with(|speech| speech.as_ref().is_some_and(|speech| voice(speech).is_some()))
}

/// Says this; or stops, when something is being said.
pub(crate) fn say(text: &str) {
    SPEECH.with(|speech| {
        let Some(speech) = speech else { return };
        if speech.speaking() {
            return speech.cancel();
        }
        let Some(voice) = voice(speech) else { return };
        let said = Said::new(text);
        said.set_voice(&voice);
        said.set_lang("nl");
        speech.speak(&said);
    });
}
