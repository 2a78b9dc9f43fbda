import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Ranked, preferenceQueue, tiedUpTo } from "./rank.ts";

const seed = Number(process.env["EDGEWISE_SEED"] ?? 1);
const numRuns = Number(process.env["EDGEWISE_RUNS"] ?? 500);

/** The definition, said plainly. */
function bestOf(items: readonly Ranked[], tolerance: number): string | null {
  let left = [...items];
  for (const key of (items[0]?.values ?? []).keys()) {
    const limit = tiedUpTo(Math.min(...left.map(({ values }) => values[key]!)), tolerance);
    left = left.filter(({ values }) => values[key]! <= limit);
  }
  for (const key of (items[0]?.values ?? []).keys()) {
    const best = Math.min(...left.map(({ values }) => values[key]!));
    left = left.filter(({ values }) => values[key] === best);
  }
  return left.map(({ id }) => id).sort()[0] ?? null;
}

const value = fc.oneof(fc.constantFrom(100, 102, 104, 106, 110, 200), fc.constantFrom(0, -0.9, -0.93, -0.98, Infinity));
const problem = fc.record({
  keys: fc.integer({ min: 1, max: 4 }), tolerance: fc.constantFrom(0, 0.03, 0.05, 0.5),
  rows: fc.array(fc.array(value, { minLength: 4, maxLength: 4 }), { maxLength: 30 }),
  removals: fc.array(fc.nat(), { maxLength: 30 }),
}).map(({ keys, tolerance, rows, removals }) => ({
  tolerance, removals, items: rows.map((row, index): Ranked => ({ id: `id${index}`, values: row.slice(0, keys) })),
}));

describe("the preference queue", () => {
  it("gives the definition's best after any removals, in any order", () => {
    fc.assert(fc.property(problem, ({ items, tolerance, removals }) => {
      const queue = preferenceQueue(items, tolerance);
      const left = new Set(items.keys());
      for (const removal of [null, ...removals]) {
        if (removal !== null) {
          left.delete(removal % Math.max(1, items.length));
          queue.remove(removal % Math.max(1, items.length));
        }
        const best = queue.best();
        expect(best === null ? null : items[best]?.id).toBe(bestOf([...left].map((index) => items[index]!), tolerance));
      }
    }), { seed, numRuns });
  });

  it("has no order on pairs to offer: what is tied with the best need not be tied with each other", () => {
    const items = [[100, 3], [104, 2], [108, 1]].map((values, index) => ({ id: `${index}`, values }));
    const queue = preferenceQueue(items, 0.05);
    expect(queue.best()).toBe(1);
    queue.remove(0);
    expect(queue.best()).toBe(2);
  });

  it("of nothing has no best", () => {
    expect(preferenceQueue([], 0.05).best()).toBeNull();
  });
});
