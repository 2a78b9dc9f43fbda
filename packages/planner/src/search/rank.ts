import { invariant } from "@edgewise/graph";

/** What the queue sees of a candidate. */
export interface Ranked {
  readonly id: string;
  /** One number a preference key, in order; lower is better, Infinity is unknown. */
  readonly values: readonly number[];
}

/** The candidates still in the race on one key. */
export interface Band {
  readonly size: number;
  /** Members before this position are within tolerance of the best and go on to the next key. */
  readonly end: number;
  /** The candidate at a position, lowest value first; null past the end. */
  at(position: number): number | null;
}

/** Candidates by index, from which the best can be taken again and again. */
export interface PreferenceQueue {
  /** The preferred one of those left; null when none is. */
  best(): number | null;
  /** One band a key, in order. */
  bands(): readonly Band[];
  /** Takes a candidate out of the race; one that is out already stays out. */
  remove(index: number): void;
}

/** The worst value that is still tied with `best`. Negative values are gains (accuracy): the band widens downwards. */
export function tiedUpTo(best: number, tolerance: number): number {
  return best >= 0 ? best * (1 + tolerance) : best * (1 - tolerance);
}

/**
 * "Smallest" with a tolerance band, defined on sets, because "within 5 %" is not transitive and no order on pairs
 * has it:
 *
 *   left = all;  for each key: left = those of `left` within tolerance of the best of `left` on that key
 *   of those left: the exactly smallest, key by key, then by id
 *
 * Taking the best out and asking again gives the full order. Each key keeps its candidates sorted with a movable band
 * end and hands the band on to the next key, so a removal shifts a few members instead of scanning all: n removals
 * cost about n · keys searches, where scanning costs n² · keys.
 */
export function preferenceQueue(items: readonly Ranked[], tolerance: number): PreferenceQueue {
  const ranks = exactRanks(items);
  const keys = items[0]?.values.length ?? 0;
  const last = new Level({ values: new Float64Array(items.length), ranks, next: null, tolerance: 0 });
  let first = last;
  const levels: Level[] = [];
  for (let key = keys - 1; key >= 0; key -= 1) {
    first = new Level({ values: Float64Array.from(items, ({ values }) => values[key] ?? Infinity), ranks, next: first, tolerance });
    levels.unshift(first);
  }
  first.fill(items.map((_, index) => index));
  return {
    best: () => last.at(0),
    bands: () => levels,
    remove: (index) => first.remove(index),
  };
}

/** Position of each item in the exact order: values key by key, then id. */
function exactRanks(items: readonly Ranked[]): readonly number[] {
  const order = items.map((_, index) => index).sort((a, b) => compareExactly(items[a], items[b]));
  const ranks = items.map(() => 0);
  for (const [rank, index] of order.entries()) ranks[index] = rank;
  return ranks;
}

function compareExactly(a: Ranked | undefined, b: Ranked | undefined): number {
  if (a === undefined || b === undefined) return 0;
  for (let key = 0; key < a.values.length; key += 1) {
    const value = a.values[key] ?? Infinity;
    const other = b.values[key] ?? Infinity;
    if (value !== other) return value < other ? -1 : 1;
  }
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

interface LevelOptions {
  /** By candidate, on this level's key. */
  readonly values: Float64Array;
  /** Exact order, for equal values. */
  readonly ranks: readonly number[];
  /** The next key; null after the last. */
  readonly next: Level | null;
  readonly tolerance: number;
}

/** Guards one invariant: `next` holds exactly the members before `end`, where the tolerance band of the best ends. */
class Level implements Band {
  /** Worst first: the best are taken most, and an array is cheap to shorten at its end. */
  readonly #members: number[] = [];
  readonly #values: Float64Array;
  readonly #ranks: readonly number[];
  readonly #next: Level | null;
  readonly #tolerance: number;
  end = 0;

  constructor({ values, ranks, next, tolerance }: LevelOptions) {
    this.#values = values;
    this.#ranks = ranks;
    this.#next = next;
    this.#tolerance = tolerance;
  }

  get size(): number {
    return this.#members.length;
  }

  at(position: number): number | null {
    return this.#members[this.#members.length - 1 - position] ?? null;
  }

  /** Fills an empty level at once. */
  fill(indices: readonly number[]): void {
    for (const index of indices) this.#members.push(index);
    this.#members.sort((a, b) => this.#compare(b, a));
    if (this.#next === null) return;
    this.end = this.#bandEnd();
    this.#next.fill(this.#members.slice(this.size - this.end));
  }

  insert(index: number): void {
    const position = this.#positionOf(index);
    this.#members.splice(this.size - position, 0, index);
    if (position < this.end) {
      this.end += 1;
      this.#next?.insert(index);
    }
    this.#settle();
  }

  remove(index: number): void {
    const position = this.#positionOf(index);
    if (this.at(position) !== index) return;
    this.#members.splice(this.size - 1 - position, 1);
    if (position < this.end) {
      this.end -= 1;
      this.#next?.remove(index);
    }
    this.#settle();
  }

  #settle(): void {
    if (this.#next === null) return;
    const end = this.#bandEnd();
    while (this.end < end) this.#next.insert(this.#member(this.end++));
    while (this.end > end) this.#next.remove(this.#member(--this.end));
  }

  #bandEnd(): number {
    const best = this.at(0);
    if (best === null) return 0;
    const limit = tiedUpTo(this.#value(best), this.#tolerance);
    return this.#firstWhere((index) => this.#value(index) > limit);
  }

  #positionOf(index: number): number {
    return this.#firstWhere((other) => this.#compare(other, index) >= 0);
  }

  /** First position whose member satisfies `test`, which is false then true along the positions. */
  #firstWhere(test: (index: number) => boolean): number {
    let low = 0;
    let high = this.size;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (test(this.#member(middle))) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #member(position: number): number {
    const index = this.at(position);
    invariant(index !== null, `position ${position} of ${this.size} candidates`);
    return index;
  }

  #value(index: number): number {
    return this.#values[index] ?? Infinity;
  }

  #compare(a: number, b: number): number {
    const valueA = this.#value(a);
    const valueB = this.#value(b);
    return valueA === valueB ? (this.#ranks[a] ?? 0) - (this.#ranks[b] ?? 0) : valueA < valueB ? -1 : 1;
  }
}
