/** A minimal DOM for tests of the views. */

class Part extends EventTarget {
  hidden = false;
  value = '';
  checked = false;
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

  /** @type {(added: any, next: any) => void} */
  insertBefore(added, next) {
    added.remove();
    const index = next ? this.children.indexOf(next) : this.children.length;
    this.children.splice(index, 0, added);
    added.remove = () => this.children.splice(this.children.indexOf(added), 1);
  }

  remove() {}

  /**
   * @param {any} other
   * @returns {boolean}
   */
  contains(other) {
    return this === other || this.children.some((child) => child.contains?.(other));
  }

  /** The texts of this element and of those in it. */
  get textContent() {
    return this.children.map((child) => child.textContent ?? child).join('');
  }

  set textContent(text) {
    this.children = text ? [text] : [];
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

  get valueAsNumber() {
    return this.value === '' ? NaN : Number(this.value);
  }

  #found = new Map();

  /** @param {string} selector whose element is created when first used */
  querySelector(selector) {
    const found = this.#found.get(selector) ?? new Part();
    this.#found.set(selector, found);
    return found;
  }

  click() {
    this.dispatchEvent(new Event('click'));
  }

  focus() {
    Object.assign(globalThis.document, { activeElement: this });
  }

  scrollIntoView() {}

  classList = { add() {}, remove() {}, toggle() {} };

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
    activeElement: null,
  };
  const names = ['HTMLElement', 'HTMLInputElement', 'HTMLCanvasElement', 'HTMLDialogElement'];
  names.push('HTMLImageElement', 'HTMLSelectElement', 'SVGElement');
  const classes = Object.fromEntries(names.map((name) => [name, Part]));
  Object.assign(globalThis, { document, window: globalThis, ...classes });
  return part;
}
