/** A minimal DOM for tests of the views. */

class Part extends EventTarget {
  hidden = false;
  value = '';
  checked = false;
  textContent = '';
  /** @type {Map<string, string>} */
  attributes = new Map();
  /** @type {any[]} */
  children = [];

  /** @param {any[]} added */
  append(...added) {
    this.children.push(...added);
  }

  /** @param {any[]} added */
  prepend(...added) {
    this.children.unshift(...added);
  }

  /** @param {any[]} others */
  replaceChildren(...others) {
    this.children = others;
  }

  get lastElementChild() {
    return { remove: () => this.children.pop() };
  }

  /** @param {string} name */
  getAttribute(name) {
    return this.attributes.get(name) ?? null;
  }

  /** @type {(name: string, value: string) => void} */
  setAttribute(name, value) {
    this.attributes.set(name, value);
  }

  querySelector() {
    return new Part();
  }

  click() {
    this.dispatchEvent(new Event('click'));
  }

  focus() {}

  scrollIntoView() {}

  classList = { add() {} };

  open = false; // of a dialog, like the next two

  showModal() {
    this.open = true;
  }

  close() {
    this.open = false;
    this.dispatchEvent(new Event('close'));
  }

  /** Of a canvas. */
  getContext() {
    return { canvas: this, drawImage() {} };
  }
}

/**
 * Replace the global `document` by a new page.
 * @returns {(id: string) => any} its elements by id, created when first used
 */
export function newPage() {
  /** @type {Map<string, Part>} */
  const parts = new Map();
  const part = (/** @type {string} */ id) => {
    const found = parts.get(id) ?? new Part();
    parts.set(id, found);
    return found;
  };
  const document = {
    getElementById: part,
    createElement: () => new Part(),
    createElementNS: () => new Part(),
  };
  const classes = {
    HTMLElement: Part, HTMLDialogElement: Part, HTMLInputElement: Part, HTMLSelectElement: Part,
    SVGElement: Part,
  };
  Object.assign(globalThis, { document, window: globalThis, ...classes });
  return part;
}
