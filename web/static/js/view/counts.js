/** The counts of today and of the days before. */

import { DEFINITE_LABELS, UNSURE } from '../labels.js';
import { language, texts } from '../texts/texts.js';
import { COUNTS, maskedShare } from '../tracking/hours.js';
import { onConfirmedClick } from './confirm.js';
import { make, makeSvg, part, write } from './parts.js';

/** @import { HourCounts, Overview } from '../tracking/hours.js' */
/** @typedef {{x: number, y: number, width: number, height: number}} Rect in units of the chart */
/** @typedef {Rect & {name: string}} Bar `name` is a label, or `watched` */

const LABELS_SHOWN = /** @type {const} */ ([...DEFINITE_LABELS, UNSURE]);
const [WIDTH, HEIGHT] = [300, 48]; // of the chart's viewBox
const GAP = 0.25; // between bars, as a share of a bar's slot
const WATCHED_HEIGHT = 1.5; // of an hour in which the camera was on and no face was counted
const TICK_HOURS = 6;

const timeFormat = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit' });
const hourFormat = new Intl.DateTimeFormat(language, { hour: 'numeric' });
const dayFormat = new Intl.DateTimeFormat(language, {
  weekday: 'short', day: 'numeric', month: 'short',
});

export class CountsView {
  #section = part('counts');
  #chart = part('chart', SVGElement);

  /**
   * @param {object} actions
   * @param {() => void} actions.reset
   * @param {() => void} actions.download
   */
  constructor({ reset, download }) {
    const { reset: text, confirmReset } = texts.counts;
    onConfirmedClick(part('counts-reset'), text, confirmReset, reset);
    part('counts-download').addEventListener('click', download);
  }

  /** @param {Overview} overview */
  show({ today, hours, days }) {
    this.#section.hidden = false;
    const { sinceMs } = today;
    const since = Number.isFinite(sinceMs) ? texts.counts.since(timeFormat.format(sinceMs)) : '';
    write(part('counts-since'), since);
    for (const name of COUNTS) write(part(`count-${name}`), `${today[name]}`);
    write(part('chart-share'), texts.counts.share(maskedShare(today)));
    this.#draw(hours);
    this.#showDays(days.map(dayCells));
  }

  hide() {
    this.#section.hidden = true;
  }

  /** @param {boolean} persistent whether the counts outlive the page */
  showPersistence(persistent) {
    write(part('counts-kept'), persistent ? texts.counts.kept : texts.counts.keptForNow);
  }

  /** @param {string} text what failed with the counts */
  showProblem(text) {
    write(part('counts-problem'), text);
  }

  /** @param {string} text of the problem that is over */
  hideProblem(text) {
    const shown = part('counts-problem');
    if (shown.textContent === text) write(shown, '');
  }

  /**
   * Change the cells that differ; the rows stay, so that screen readers keep their place.
   * @param {string[][]} days
   */
  #showDays(days) {
    const body = part('counts-days');
    if (body.children.length === 0) body.append(...days.map(emptyRow));
    days.forEach((cells, i) => {
      cells.forEach((text, k) => write(body.children[i].children[k], text));
    });
  }

  /** @param {HourCounts[]} hours of today */
  #draw(hours) {
    const rects = bars(hours, WIDTH, HEIGHT).map(({ name, ...place }) => {
      const rect = makeSvg('rect');
      rect.setAttribute('class', name);
      for (const [key, value] of Object.entries(place)) rect.setAttribute(key, value.toFixed(2));
      return rect;
    });
    this.#chart.replaceChildren(...rects);
    this.#chart.setAttribute('aria-label', described(hours));
    write(part('chart-max'), `${highest(hours) || ''}`);
    const ticks = hours.map(({ hourMs }, i) => {
      return make('span', {}, i % TICK_HOURS === 0 ? hourFormat.format(hourMs) : '');
    });
    part('chart-hours').replaceChildren(...ticks);
  }
}

/**
 * The bars of a chart of people per hour, stacked by label. An hour without people has a thin bar if
 * the camera was watched, and none if it was not.
 * @param {HourCounts[]} hours
 * @param {number} width of the chart
 * @param {number} height of the chart
 * @returns {Bar[]}
 */
export function bars(hours, width, height) {
  const slot = width / Math.max(hours.length, 1);
  const scale = height / Math.max(1, highest(hours));
  return hours.flatMap((hour, i) => {
    const place = { x: (i + GAP / 2) * slot, width: (1 - GAP) * slot };
    if (hour.people === 0 && hour.watchedMs === 0) return [];
    if (hour.people === 0) {
      return [{ ...place, y: height - WATCHED_HEIGHT, height: WATCHED_HEIGHT, name: 'watched' }];
    }
    let y = height;
    return LABELS_SHOWN.filter((name) => hour[name] > 0).map((name) => {
      y -= hour[name] * scale;
      return { ...place, y, height: hour[name] * scale, name };
    });
  });
}

/** @param {string[]} cells of which the first one is the head */
function emptyRow([, ...cells]) {
  return make('tr', {}, make('th', { scope: 'row' }), ...cells.map(() => make('td')));
}

/** @param {HourCounts[]} hours */
function highest(hours) {
  return Math.max(0, ...hours.map(({ people }) => people));
}

/**
 * The chart in words.
 * @param {HourCounts[]} hours
 */
function described(hours) {
  const parts = hours
    .filter(({ people }) => people > 0)
    .map(({ hourMs, people }) => `${timeFormat.format(hourMs)}: ${people}`);
  return [texts.counts.chart, ...parts].join(', ');
}

/**
 * A row of the table: the day, its counts, and for how long the camera was watched.
 * @param {HourCounts} day
 */
export function dayCells(day) {
  const { hourMs, people, watchedMs } = day;
  const isEmpty = people === 0 && watchedMs === 0; // the camera was off
  const counts = COUNTS.map((name) => (isEmpty ? '–' : `${day[name]}`));
  const watched = isEmpty ? '–' : texts.counts.lasted(Math.round(watchedMs / 60_000));
  return [dayFormat.format(hourMs), ...counts, watched];
}
