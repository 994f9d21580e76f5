/** What is told while the judge loads. */

import { texts } from './texts.js';

/** @import { Judging } from './judging.js' */
/** @import { Progress } from './worker.js' */

const BEGUN = { status: texts.status.begun, detail: '' };

export class Loading {
  /** How far it is, as last heard. */
  progress = BEGUN;
  #judging;
  #onProgress;

  /**
   * @param {Judging} judging
   * @param {() => void} onProgress called when `progress` changed
   */
  constructor(judging, onProgress) {
    this.#judging = judging;
    this.#onProgress = onProgress;
  }

  /**
   * Load the judge, if that was not done, and let it forget the faces that it saw.
   * @throws {ModelError} with a sentence for the user
   */
  load() {
    if (!this.#judging.begun) this.progress = BEGUN;
    this.#judging.reset();
    return this.#judging.load((made) => {
      this.progress = worded(made);
      this.#onProgress();
    });
  }
}

/** @param {Progress} made */
function worded(made) {
  const { begun, loading, warming } = texts.status;
  return made.type === 'loading'
    ? { status: begun, detail: loading(made.done, made.total) }
    : { status: warming, detail: '' };
}
