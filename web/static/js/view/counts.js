/** The running counts and the small chart. */

import { texts } from '../texts/texts.js';
import { part, write } from './parts.js';

/** @import { Point } from '../tracking/tally.js' */
/** @typedef {{x: number, y: number, width: number, height: number}} Bar in the chart's own units */

const SVG = 'http://www.w3.org/2000/svg';
const KINDS = /** @type {const} */ (['faces', 'with_mask', 'without_mask', 'incorrect_mask']);
const [WIDTH, HEIGHT] = [300, 48]; // of the chart's viewBox
const GAP = 0.25; // between bars, in widths of a bar's place
const LEAST = 0.04; // of the height, so that a share of nothing is still seen

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

  /** Nothing was counted. */
  hide() {
    this.#section.hidden = true;
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

/**
 * The bars of a series, the oldest to the left; spans without anybody have none.
 * @param {Pick<Point, 'share'>[]} series
 * @param {number} width of the chart
 * @param {number} height of the chart
 * @returns {Bar[]}
 */
export function bars(series, width, height) {
  const place = width / Math.max(series.length, 1);
  return series.flatMap(({ share }, i) => {
    if (share === null) return [];
    const high = Math.max(share, LEAST) * height;
    return [{ x: (i + GAP / 2) * place, y: height - high, width: (1 - GAP) * place, height: high }];
  });
}

/**
 * The share over all of a series: spans in which more was judged weigh more.
 * @param {Pick<Point, 'share' | 'judged'>[]} series
 * @returns {number | null} 0 to 1; null where nobody was judged
 */
export function overall(series) {
  const judged = series.reduce((sum, one) => sum + one.judged, 0);
  const masked = series.reduce((sum, one) => sum + (one.share ?? 0) * one.judged, 0);
  return judged > 0 ? masked / judged : null;
}
