/** What can go wrong, each with a sentence a user understands: what was expected and what came. */

/** A model, its weights or its contract is missing, changed or wrong. */
export class ModelError extends Error {
  name = 'ModelError';
}

/** The camera cannot be had. */
export class CameraError extends Error {
  name = 'CameraError';

  /**
   * @param {string} sentence
   * @param {boolean} [unplugged] whether it was in use, and may come back
   */
  constructor(sentence, unplugged = false) {
    super(sentence);
    this.unplugged = unplugged;
  }
}

/** A photo cannot be judged. */
export class PhotoError extends Error {
  name = 'PhotoError';

  /**
   * @param {string} sentence
   * @param {boolean} [final] whether asking again would change nothing
   */
  constructor(sentence, final = false) {
    super(sentence);
    this.final = final;
  }
}
