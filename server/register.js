// Reading aloud, by a voice of the device alone: what a page says goes to nobody.
const button = document.getElementById("read-aloud");
const voices = () => {
  const wanted = button.dataset.lang;
  return speechSynthesis.getVoices().filter((voice) => voice.localService && voice.lang.startsWith(wanted));
};
const offer = () => {
  button.hidden = voices().length === 0;
};
if (button && "speechSynthesis" in window) {
  offer();
  speechSynthesis.addEventListener("voiceschanged", offer);
  button.addEventListener("click", () => {
    if (speechSynthesis.speaking) {
      speechSynthesis.cancel();
      return;
    }
    const text = [...document.querySelectorAll("h1, .read span, label, legend, .small")]
      .filter((part) => part.offsetParent !== null)
      .map((part) => part.innerText)
      .join(". ");
    const said = new SpeechSynthesisUtterance(text);
    [said.voice] = voices();
    said.lang = button.dataset.lang;
    speechSynthesis.speak(said);
  });
}
