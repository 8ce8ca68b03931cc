// Starts what is tried. A file of its own: the page allows no inline script.
import init from '/assets/trial.js';

await init({ module_or_path: fetch('/assets/trial.wasm') });
