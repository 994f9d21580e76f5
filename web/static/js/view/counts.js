/** The running counts and the small chart. */

import { bars, overall } from '../chart.js';
import { texts } from '../texts.js';
import { part, write } from './parts.js';

/** @import { Point } from '../tally.js' */

const SVG = 'http://www.w3.org/2000/svg';
const KINDS = /** @type {const} */ (['faces', 'with_mask', 'without_mask', 'incorrect_mask']);
const [WIDTH, HEIGHT] = [300, 48]; // of the chart's viewBox

export class CountsView {
  #section = part('counts');
  #chart = part('chart');

  /** @param {() => void} reset */
  constructor(reset) {
    part('counts-reset').addEventListener('click', reset);
  }

  /**
   * @param {Record<typeof KINDS[number], number>} totals distinct faces
   * @param {Point[]} series share masked over the last minutes
   * @param {number} minutes
   */
  show(totals, series, minutes) {
    this.#section.hidden = false;
    for (const kind of KINDS) write(part(`count-${kind}`), `${totals[kind]}`);
    write(part('chart-title'), texts.counts.chart(minutes));
    write(part('chart-share'), texts.counts.share(overall(series)));
    this.#draw(series);
  }

  /** @param {Point[]} series */
  #draw(series) {
    const wanted = bars(series, WIDTH, HEIGHT);
    while (this.#chart.children.length > wanted.length) this.#chart.lastElementChild.remove();
    while (this.#chart.children.length < wanted.length) {
      this.#chart.append(document.createElementNS(SVG, 'rect'));
    }
    wanted.forEach((bar, i) => {
      for (const [name, value] of Object.entries(bar)) {
        this.#chart.children[i].setAttribute(name, value.toFixed(2));
      }
    });
  }
}
