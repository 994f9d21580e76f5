/** The counts of faces, and the chart of masked faces over the last minutes. */

import { DEFINITE_LABELS } from '../labels.js';
import { texts } from '../texts/texts.js';
import { part, write } from './parts.js';

/** @import { Point, Totals } from '../tracking/tally.js' */
/** @typedef {{x: number, y: number, width: number, height: number}} Bar in units of the chart */

const SVG = 'http://www.w3.org/2000/svg';
const COUNTS = /** @type {const} */ (['faces', ...DEFINITE_LABELS]);
const [WIDTH, HEIGHT] = [300, 48]; // of the chart's viewBox
const GAP = 0.25; // between bars, as a share of a bar's slot
const MIN_SHARE = 0.04; // height of a bar for a share of zero, so that it is visible

export class CountsView {
  #section = part('counts');
  #chart = part('chart', SVGElement);

  /** @param {() => void} reset */
  constructor(reset) {
    part('counts-reset').addEventListener('click', reset);
  }

  /**
   * @param {Totals} totals
   * @param {Point[]} series shares of masked faces over the last minutes
   * @param {number} minutes
   */
  show(totals, series, minutes) {
    this.#section.hidden = false;
    for (const name of COUNTS) write(part(`count-${name}`), `${totals[name]}`);
    write(part('chart-title'), texts.counts.chart(minutes));
    write(part('chart-share'), texts.counts.share(overallShare(series)));
    this.#draw(series);
  }

  hide() {
    this.#section.hidden = true;
  }

  /** @param {Point[]} series */
  #draw(series) {
    const rects = bars(series, WIDTH, HEIGHT).map((bar) => {
      const rect = document.createElementNS(SVG, 'rect');
      for (const [name, value] of Object.entries(bar)) rect.setAttribute(name, value.toFixed(2));
      return rect;
    });
    this.#chart.replaceChildren(...rects);
  }
}

/**
 * The bars of a series, oldest first; points without a share have none.
 * @param {Pick<Point, 'share'>[]} series
 * @param {number} width of the chart
 * @param {number} height of the chart
 * @returns {Bar[]}
 */
export function bars(series, width, height) {
  const slot = width / Math.max(series.length, 1);
  return series.flatMap(({ share }, i) => {
    if (share === null) return [];
    const high = Math.max(share, MIN_SHARE) * height;
    return [{ x: (i + GAP / 2) * slot, y: height - high, width: (1 - GAP) * slot, height: high }];
  });
}

/**
 * The share of masked faces over a whole series, weighted by the number of verdicts of each point.
 * @param {Pick<Point, 'share' | 'classified'>[]} series
 * @returns {number | null} 0 to 1; null without verdicts
 */
export function overallShare(series) {
  const verdicts = series.reduce((sum, point) => sum + point.classified, 0);
  const masked = series.reduce((sum, point) => sum + (point.share ?? 0) * point.classified, 0);
  return verdicts > 0 ? masked / verdicts : null;
}
