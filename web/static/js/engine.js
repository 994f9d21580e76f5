/** Each model runs where it is fastest, and at home once that fails. */

import { goldenInput } from './contract.js';

/** @import { Contract } from './contract.js' */
/** @import { Runnable } from './graph.js' */
/** @import { Api, Files, Graphics } from './graphics.js' */
/** @import { Running } from './judge.js' */

/**
 * An input and the shape that it has.
 * @typedef {{values: Float32Array, shape: number[]}} Input
 */

const TIMES = 9; // the last durations that are kept
const ENOUGH = 5; // durations that make a fair comparison
const FASTER = 0.8; // share of the time that another place may take to be worth a change

/**
 * Runs a model in one place, or in another as long as that works.
 * @implements {Runnable}
 */
export class Switch {
  #home;
  #onFailure;
  /** @type {Runnable | undefined} */
  #other;
  /** @type {number[]} */
  #times = [];

  /**
   * @param {Runnable} home which is there to stay
   * @param {() => void} onFailure told when the other place failed; `home` took over
   */
  constructor(home, onFailure) {
    this.#home = home;
    this.#onFailure = onFailure;
  }

  /** What it takes at home, in milliseconds; undefined until it was used a few times. */
  get usual() {
    return this.#times.length < ENOUGH ? undefined : median(this.#times);
  }

  /** @param {Runnable | undefined} other place, from now on; undefined for home */
  use(other) {
    this.#other = other;
  }

  /** @type {Runnable['run']} */
  async run(values, shape, names) {
    const other = this.#other;
    if (other) {
      try {
        return await other.run(values, shape, names);
      } catch {
        if (this.#other === other) {
          this.#other = undefined;
          this.#onFailure();
        }
      }
    }
    const begun = performance.now();
    const answer = await this.#home.run(values, shape, names);
    this.#times = [...this.#times, performance.now() - begun].slice(-TIMES);
    return answer;
  }

  /**
   * Go over to another place, if it gives the same answer in less time.
   * @param {Runnable} other
   * @param {Input} input
   * @param {number} tolerance largest difference of an output, where those at home are up to 1; as
   *   a share of larger ones
   * @returns {Promise<boolean>} whether it did
   * @throws {Error} it fails, or answers otherwise
   */
  async tryOut(other, { values, shape }, tolerance) {
    const expected = await this.#home.run(values, shape);
    if (!alike(await other.run(values, shape), expected, tolerance)) {
      throw new Error('another answer');
    }
    const times = [];
    while (times.length < ENOUGH) {
      const begun = performance.now();
      await other.run(values, shape);
      times.push(performance.now() - begun);
    }
    const better = median(times) < FASTER * (this.usual ?? 0);
    if (better) this.use(other);
    return better;
  }
}

/**
 * @param {ArrayLike<number>[]} found
 * @param {ArrayLike<number>[]} expected
 * @param {number} tolerance
 */
export function alike(found, expected, tolerance) {
  return expected.every((output, i) => {
    return Array.from(output).every((value, j) => {
      return Math.abs(found[i]?.[j] - value) <= tolerance * Math.max(1, Math.abs(value));
    });
  });
}

/** Both models: at home on this worker's backend, or on the graphics processor. */
export class Engine {
  #home;
  #tell;
  /** @type {Graphics | undefined} */
  #graphics;
  #api = '';

  /**
   * @param {string} home name of the backend that is there to stay
   * @param {{finder: Runnable, classifier: Runnable}} models on it
   * @param {(running: Running) => void} tell of each change
   */
  constructor(home, { finder, classifier }, tell) {
    this.#home = home;
    this.#tell = tell;
    this.finder = new Switch(finder, () => this.giveUp());
    this.classifier = new Switch(classifier, () => this.giveUp());
  }

  /** Whether it is known how fast the models are at home. */
  get measured() {
    return this.finder.usual !== undefined && this.classifier.usual !== undefined;
  }

  /**
   * Go over to the graphics processor with each model that is faster there and answers the same.
   * @param {Graphics} graphics
   * @param {Contract} contract
   * @param {Files} files
   * @param {Api[]} apis to try
   */
  async seek(graphics, contract, files, apis) {
    try {
      const api = await graphics.start(contract, files, apis);
      const { finder, classifier } = probes(contract);
      const { tolerance } = contract.golden;
      const found = await this.finder.tryOut(graphics.model('blazeface'), finder, tolerance);
      const judged = await this.classifier.tryOut(graphics.model('classifier'), classifier, tolerance);
      if (!found && !judged) throw new Error('not faster');
      this.#graphics = graphics;
      this.#api = api;
      this.#tell({ backend: api });
    } catch {
      this.finder.use(undefined);
      this.classifier.use(undefined);
      graphics.close();
    }
  }

  /** Back home, and stay there. */
  giveUp() {
    if (!this.#graphics) return;
    this.finder.use(undefined);
    this.classifier.use(undefined);
    this.#graphics.close();
    this.#graphics = undefined;
    this.#tell({ backend: this.#home, failed: this.#api });
  }
}

/**
 * Inputs to compare answers with: the golden one, for the finder enlarged.
 * @param {Contract} contract
 * @returns {{finder: Input, classifier: Input}}
 */
function probes(contract) {
  const { input_size: side, finders } = contract;
  const golden = goldenInput(contract);
  const size = finders.blazeface.input_size;
  const large = new Float32Array(size * size * 3);
  for (let i = 0; i < large.length; i += 1) {
    const [y, x, channel] = [Math.floor(i / 3 / size), Math.floor(i / 3) % size, i % 3];
    const from = Math.floor((y * side) / size) * side + Math.floor((x * side) / size);
    large[i] = golden[from * 3 + channel] / 127.5 - 1;
  }
  return {
    finder: { values: large, shape: [1, size, size, 3] },
    classifier: { values: golden, shape: [1, side, side, 3] },
  };
}

/** @param {number[]} values */
function median(values) {
  return [...values].sort((a, b) => a - b)[values.length >> 1];
}
