// The shell of the app, kept for starting without a network. Only our own files, never /api.
// The list and the version are filled in when the app is built; any change makes the browser offer an update.
const VERSION = '{{version}}';
const FILES = {{files}};
const CACHE = `noaber-${VERSION}`;

self.addEventListener('install', (event) => {
  // No skipWaiting: a new version takes over at the next start, or when a person taps.
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(FILES)));
});

self.addEventListener('activate', (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) {
      if (name.startsWith('noaber-') && name !== CACHE) await caches.delete(name);
    }
    await self.clients.claim();
  })());
});

self.addEventListener('message', (event) => {
  if (event.data === 'skip-waiting') self.skipWaiting();
});

self.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== 'GET' || url.origin !== self.location.origin) return;
  if (url.pathname.startsWith('/api/') || url.pathname.startsWith('/health/')) return;
  event.respondWith((async () => {
    const cache = await caches.open(CACHE);
    // Every screen of the app is the same page.
    const key = event.request.mode === 'navigate' ? '/' : url.pathname;
    const kept = await cache.match(key);
    return kept ?? fetch(event.request);
  })());
});
