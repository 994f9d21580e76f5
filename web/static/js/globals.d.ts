// Constants that build.mjs defines.

/** The worker's URL. */
declare const WORKER: string;

/** The URL of the bundle that exports pictures. */
declare const PICTURE_EXPORT: string;

/** The built files that the worker fetches. */
declare const ASSETS: import('./worker/download.js').Assets;

/** The files that the service worker caches: their URLs, and a version that changes with them. */
declare const CACHED: { version: string; files: string[] };
