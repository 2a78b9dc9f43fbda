import fc from "fast-check";
import { expect, test } from "vitest";
import { splitHalves } from "./split-halves.ts";

/** FNV-1a, spread over eight hex digits: any even hash serves. */
function hash({ id }: { readonly id: string }): string {
  let state = 0x811c9dc5;
  for (const letter of id) state = Math.imul(state ^ letter.charCodeAt(0), 0x01000193);
  return (state >>> 0).toString(16).padStart(8, "0");
}

const samples = fc.uniqueArray(fc.string({ minLength: 1 }), { maxLength: 60 }).map((ids) => ids.map((id) => ({ id })));

test("each sample is in exactly one half", () => {
  fc.assert(fc.property(samples, (all) => {
    const { selection, confirmation } = splitHalves(all, hash);
    expect([...selection, ...confirmation].map(({ id }) => id).sort()).toEqual(all.map(({ id }) => id).sort());
  }));
});

test("adding samples moves no other, and the order of the list does not matter", () => {
  fc.assert(fc.property(samples, fc.integer({ min: 0, max: 60 }), (all, count) => {
    const some = splitHalves(all.slice(0, count), hash);
    const whole = splitHalves([...all].reverse(), hash);
    const kept = new Set(all.slice(0, count).map(({ id }) => id));
    expect(whole.selection.filter(({ id }) => kept.has(id))).toEqual(some.selection);
    expect(whole.confirmation.filter(({ id }) => kept.has(id))).toEqual(some.confirmation);
  }));
});

test("copies of one sample are in the same half", () => {
  const { selection, confirmation } = splitHalves([{ id: "a" }, { id: "b" }], () => "00ff");
  expect([selection.length, confirmation.length]).toEqual([0, 2]);
});

test("halves of many samples are near in size", () => {
  const { selection } = splitHalves(Array.from({ length: 1000 }, (_, i) => ({ id: `sample ${i}` })), hash);
  expect(selection.length).toBeGreaterThan(420);
  expect(selection.length).toBeLessThan(580);
});
