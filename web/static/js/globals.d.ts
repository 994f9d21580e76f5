// What build.mjs puts in.

/** The worker's URL. */
declare const WORKER: string;

/** The built files that the worker fetches. */
declare const ASSETS: import('./worker/download.js').Assets;

/** The files that the service worker keeps: their addresses, and a name for their state. */
declare const KEPT: { version: string; files: string[] };
