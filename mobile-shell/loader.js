// Starts the app. A file of its own: the page allows no inline script.
import init from '/assets/app.js';

init({ module_or_path: '/assets/app.wasm' }).catch(() => {
  document.body.textContent = 'Noaber kon niet starten. Probeer het opnieuw, of werk je browser bij. / Noaber could not start.';
});
