import { mock } from 'node:test';

/** Run in a browser without a database, as in some private windows. */
export async function withoutDatabase(/** @type {() => Promise<void>} */ run) {
  const open = mock.method(globalThis.indexedDB, 'open', () => {
    throw new DOMException('', 'SecurityError');
  });
  try {
    await run();
  } finally {
    open.mock.restore();
  }
}
