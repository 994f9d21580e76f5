/** Errors, each with a sentence for users. */

/** A model, its weights or its contract is missing, changed or wrong. */
export class ModelError extends Error {
  name = 'ModelError';
}

/** The camera is not available. */
export class CameraError extends Error {
  name = 'CameraError';

  /**
   * @param {string} sentence
   * @param {boolean} [unplugged] whether it was in use and may be connected again
   */
  constructor(sentence, unplugged = false) {
    super(sentence);
    this.unplugged = unplugged;
  }
}

/** A photo cannot be processed. */
export class PhotoError extends Error {
  name = 'PhotoError';

  /**
   * @param {string} sentence
   * @param {boolean} [final] whether a retry is pointless
   */
  constructor(sentence, final = false) {
    super(sentence);
    this.final = final;
  }
}
