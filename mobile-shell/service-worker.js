// The shell of the app, kept for starting without a network. Only our own files, never /api.
// The list and the version are filled in when the app is built; any change makes the browser offer an update.
const VERSION = '{{version}}';
const FILES = {{files}};
// The screens of the office: kept only where somebody needs them.
const OFFICE = {{office}};
const CACHE = `noaber-${VERSION}`;

const isOffice = (url) => new URL(url).pathname.startsWith('/assets/office-');

async function needsOffice() {
  for (const name of await caches.keys()) {
    if (!name.startsWith('noaber-')) continue;
    const kept = await (await caches.open(name)).keys();
    if (kept.some((request) => isOffice(request.url))) return true;
  }
  return false;
}

self.addEventListener('install', (event) => {
  // No skipWaiting: a new version takes over at the next start, or when a person taps.
  event.waitUntil((async () => {
    const files = (await needsOffice()) ? [...FILES, ...OFFICE] : FILES;
    await (await caches.open(CACHE)).addAll(files);
  })());
});

self.addEventListener('activate', (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) {
      if (name.startsWith('noaber-') && name !== CACHE) await caches.delete(name);
    }
    await self.clients.claim();
  })());
});

// The handle of an opened lock, for a page that is loaded anew or opened beside another one. In memory only: gone with this
// worker, half a minute after its last work.
let held = null;
let asked = [];
const KEPT_MS = 5 * 60 * 1000;
const ANSWER_MS = 400;

self.addEventListener('message', (event) => {
  const said = event.data;
  if (said === 'skip-waiting') self.skipWaiting();
  if (said === 'office') event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(OFFICE)));
  if (said?.hold !== undefined) {
    held = said.hold && { ...said.hold, at: Date.now() };
    asked.splice(0).forEach((answer) => answer());
  }
  if (said === 'ask') {
    event.waitUntil((async () => {
      if (!held || Date.now() - held.at > KEPT_MS) {
        held = null;
        // Perhaps another page of the app is open.
        const others = (await self.clients.matchAll()).filter((client) => client.id !== event.source.id);
        others.forEach((client) => client.postMessage('hold?'));
        if (others.length) {
          await new Promise((resolve) => { asked.push(resolve); setTimeout(resolve, ANSWER_MS); });
        }
      }
      event.ports[0].postMessage(held);
    })());
  }
});

self.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== 'GET' || url.origin !== self.location.origin) return;
  // What the server answers itself: programs, and the page on which people register.
  if (['/api/', '/health/', '/aanmelden', '/.well-known/'].some((own) => url.pathname.startsWith(own))) return;
  event.respondWith((async () => {
    const cache = await caches.open(CACHE);
    // Every screen of the app is the same page.
    const key = event.request.mode === 'navigate' ? '/' : url.pathname;
    const kept = await cache.match(key);
    return kept ?? fetch(event.request);
  })());
});
