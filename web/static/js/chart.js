/** The geometry of the small chart: one bar a span of time. */

/** @import { Point } from './tally.js' */
/** @typedef {{x: number, y: number, width: number, height: number}} Bar in the chart's own units */

const GAP = 0.25; // between bars, in widths of a bar's place
const LEAST = 0.04; // of the height, so that a share of nothing is still seen

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
