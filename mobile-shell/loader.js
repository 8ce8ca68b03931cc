// Starts the app. A file of its own: the page allows no inline script.

// Text that is to become a page, whoever made it: only what the app draws with itself. No script, no handler, nothing from elsewhere. A text that
// is to become a script is never taken (there is no createScript).
const NOT_OURS = /<\s*(script|iframe|frame|object|embed|base|link|meta|style|template|math)\b|[\s/"']on\w+\s*=|javascript:/i;
globalThis.trustedTypes?.createPolicy('default', {
  createHTML(text) {
    if (NOT_OURS.test(text)) throw new TypeError('not drawn by this app');
    return text;
  },
  createScriptURL(address) {
    if (new URL(address, location.href).origin !== location.origin) throw new TypeError('not a file of this app');
    return address;
  },
});

// There are two: one for the road, and one with the screens of the office as well. Whoever needs those gets them after signing in.
const ROAD = ['/assets/road.js', '/assets/road.wasm'];
const OFFICE = ['/assets/office.js', '/assets/office.wasm'];

async function start([script, program]) {
  const loading = fetch(program);
  const { default: init } = await import(script);
  await init({ module_or_path: loading });
}

// Fetches the screens of the office and has them kept for a start without a network. False when they cannot be had now.
globalThis.noaberOffice = async () => {
  try {
    const answers = await Promise.all(OFFICE.map((file) => fetch(file)));
    if (!answers.every((answer) => answer.ok)) return false;
    const worker = await navigator.serviceWorker?.getRegistration();
    for (const one of [worker?.active, worker?.waiting, worker?.installing]) one?.postMessage('office');
    return true;
  } catch {
    return false;
  }
};

// A form is sent once, also by a key or finger that bounces; after something was typed or chosen it may go again at once.
const sent = new WeakMap();
addEventListener('submit', (event) => {
  if (event.timeStamp - (sent.get(event.target) ?? -Infinity) < 1000) {
    event.preventDefault();
    event.stopImmediatePropagation();
  } else {
    sent.set(event.target, event.timeStamp);
  }
}, true);
for (const given of ['input', 'change']) addEventListener(given, (event) => sent.delete(event.target.form), true);

let office = false;
try {
  office = localStorage.getItem('bundle') === 'office';
} catch { /* A browser that keeps nothing starts small. */ }

const started = office ? start(OFFICE).catch(() => start(ROAD)) : start(ROAD);
started.catch(() => {
  document.body.textContent = 'Noaber kon niet starten. Probeer het opnieuw, of werk je browser bij. / Noaber could not start.';
});
