/** What can go wrong, each with a sentence a user understands: what was expected and what came. */

/** A model, its weights or its contract is missing, changed or wrong. */
export class ModelError extends Error {
  name = 'ModelError';
}

/** The camera cannot be had. */
export class CameraError extends Error {
  name = 'CameraError';
}

/** A photo cannot be judged. */
export class PhotoError extends Error {
  name = 'PhotoError';

  /**
   * @param {string} sentence
   * @param {string} [lang] its language, where it is not the page's
   */
  constructor(sentence, lang = '') {
    super(sentence);
    this.lang = lang;
  }
}
