/** The four numbers of the zone in the settings. Invalid ones are explained and stay as typed. */

import { texts } from '../texts/texts.js';
import { part, write } from './parts.js';
import { MIN_ZONE_PERCENT, WHOLE, isEdge } from './zone.js';

/** @import { ZoneEdges } from './zone.js' */

/** @typedef {keyof ZoneEdges} Edge */

/** Edges in order: the second of a pair is beyond the first. */
const PAIRS = /** @type {const} */ ([['zoneLeft', 'zoneRight'], ['zoneTop', 'zoneBottom']]);
const EDGES = PAIRS.flat();

/** @param {Edge} edge */
const field = (edge) => part(`set-${edge}`, HTMLInputElement);

export class ZoneFields {
  #problem = part('zone-problem');
  #zone = WHOLE; // as applied

  /** @param {(zone: ZoneEdges) => void} change called when valid numbers were entered */
  constructor(change) {
    for (const edge of EDGES) field(edge).addEventListener('change', () => this.#read(change));
    part('zone-whole').addEventListener('click', () => this.#write());
    this.#write();
  }

  /**
   * Show the zone, unless it has not changed: numbers that are not valid yet stay in the fields.
   * @param {ZoneEdges} zone
   */
  show(zone) {
    if (EDGES.every((edge) => zone[edge] === this.#zone[edge])) return;
    this.#zone = zone;
    this.#write();
  }

  /** @param {(zone: ZoneEdges) => void} change */
  #read(change) {
    const entries = EDGES.map((edge) => [edge, field(edge).valueAsNumber]);
    const zone = /** @type {ZoneEdges} */ (Object.fromEntries(entries));
    const problems = problemsOf(zone);
    this.#explain(problems);
    if (problems.length === 0) change(zone);
  }

  #write() {
    for (const edge of EDGES) field(edge).value = `${this.#zone[edge]}`;
    this.#explain([]);
  }

  /** @param {{edges: readonly Edge[], text: string}[]} problems */
  #explain(problems) {
    const invalid = problems.flatMap(({ edges }) => edges);
    for (const edge of EDGES) field(edge).setAttribute('aria-invalid', `${invalid.includes(edge)}`);
    const sentences = problems.map(({ text }) => text);
    if (problems.length > 0) sentences.push(texts.alerts.zoneKept);
    write(this.#problem, sentences.join(' '));
  }
}

/**
 * What is wrong with a zone, and in which fields.
 * @param {ZoneEdges} zone
 * @returns {{edges: readonly Edge[], text: string}[]}
 */
function problemsOf(zone) {
  const { alerts } = texts;
  const outside = EDGES.filter((edge) => !isEdge(zone[edge]));
  const swapped = PAIRS.filter(
    (pair) =>
      pair.every((edge) => isEdge(zone[edge])) && zone[pair[1]] - zone[pair[0]] < MIN_ZONE_PERCENT,
  );
  return [
    ...outside.map((edge) => ({ edges: [edge], text: alerts.zoneRange(alerts[edge]) })),
    ...swapped.map((edges) => {
      const [first, second] = edges.map((edge) => alerts[edge]);
      return { edges, text: alerts.zoneOrder(first, second, MIN_ZONE_PERCENT) };
    }),
  ];
}
