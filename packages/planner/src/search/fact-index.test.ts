import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { indexFacts } from "./fact-index.ts";

interface Fact {
  readonly shelf: string;
  readonly slot: string;
  readonly rest: number;
  readonly worth: number;
}

const letter = fc.constantFrom("a", "b", "c");
const fact: fc.Arbitrary<Fact> = fc.record({ shelf: letter, slot: letter, rest: fc.nat(2), worth: fc.nat(4) });
const isSame = (a: Fact, b: Fact): boolean => a.shelf === b.shelf && a.slot === b.slot && a.rest === b.rest;
const indexed = (facts: readonly Fact[]) => indexFacts<Fact, Fact>(facts, {
  keyOf: (one) => one, shelf: ({ shelf }) => shelf, slot: ({ slot }) => slot, isSame, isBetter: (one, other) => one.worth > other.worth,
});

describe("facts by key", () => {
  it("the best of those about the same thing is found, and nothing about what nobody stated", () => {
    fc.assert(fc.property(fc.array(fact, { maxLength: 40 }), fact, (facts, key) => {
      const about = facts.filter((one) => isSame(one, key));
      expect(indexed(facts)(key)?.worth ?? null).toBe(about.length === 0 ? null : Math.max(...about.map(({ worth }) => worth)));
    }));
  });

  it("of equals the first stays", () => {
    const [first, second] = [1, 2].map(() => ({ shelf: "a", slot: "b", rest: 0, worth: 1 }));
    expect(indexed([first!, second!])(second!)).toBe(first);
  });
});
