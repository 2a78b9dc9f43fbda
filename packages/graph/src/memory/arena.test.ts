import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { planArena } from "./arena.ts";
import { type ArenaBuffer, compatible, maxLiveBytes } from "./buffer.ts";

const CASES = 2_000;

/** Up to 14 blocks over 10 steps; a block may lie over some that die when it is born. */
const anyBuffers: fc.Arbitrary<readonly ArenaBuffer[]> = fc
  .array(
    fc.record({
      bytes: fc.integer({ min: 0, max: 64 }),
      firstUse: fc.integer({ min: 0, max: 9 }),
      life: fc.integer({ min: 0, max: 5 }),
      alignmentBytes: fc.constantFrom(1, 1, 4, 16),
      partner: fc.option(fc.record({ index: fc.nat(13), overlapBytes: fc.integer({ min: 0, max: 64 }), sameStart: fc.boolean() })),
    }),
    { maxLength: 14 },
  )
  .map((rows) => rows.map(({ bytes, firstUse, life, alignmentBytes, partner }, i) => ({
    id: `b${i}`, bytes, firstUse, lastUse: firstUse + life, alignmentBytes,
    ...(partner && partner.index < rows.length && partner.index !== i
      ? { inPlaceWith: [{ id: `b${partner.index}`, overlapBytes: partner.overlapBytes, sameStart: partner.sameStart }] }
      : {}),
  })));

function rounded(buffer: ArenaBuffer): number {
  return buffer.bytes + (buffer.alignmentBytes ?? 1) - 1;
}

describe("planArena", () => {
  test("blocks alive together never overlap but as in-place pairs allow, offsets are aligned, max live <= peak <= sum", () => {
    fc.assert(fc.property(anyBuffers, (buffers) => {
      const { offsets, peakBytes } = planArena(buffers);
      for (const [i, a] of buffers.entries()) for (const b of buffers.slice(i + 1)) expect(compatible(a, b, offsets)).toBe(true);
      for (const { id, alignmentBytes = 1 } of buffers) expect((offsets.get(id) ?? NaN) % alignmentBytes).toBe(0);
      expect(peakBytes).toBe(Math.max(0, ...buffers.map(({ id, bytes }) => (offsets.get(id) ?? NaN) + bytes)));
      expect(peakBytes).toBeGreaterThanOrEqual(maxLiveBytes(buffers));
      expect(peakBytes).toBeLessThanOrEqual(buffers.reduce((sum, buffer) => sum + rounded(buffer), 0));
    }), { numRuns: CASES });
  });

  test("the same blocks in another order get the same plan", () => {
    const shuffled = anyBuffers.chain((buffers) => fc.tuple(fc.constant(buffers), fc.shuffledSubarray([...buffers], { minLength: buffers.length })));
    fc.assert(fc.property(shuffled, ([buffers, other]) => {
      expect(planArena(other)).toEqual(planArena(buffers));
    }), { numRuns: 300 });
  });

  test("up to five blocks get the least peak that any order of placement gives", () => {
    const few = anyBuffers.map((buffers) => buffers.slice(0, 5).map(({ inPlaceWith: _none, alignmentBytes: _one, ...buffer }) => buffer));
    fc.assert(fc.property(few, (buffers) => {
      expect(planArena(buffers).peakBytes).toBe(leastPeak(buffers));
    }), { numRuns: 100 });
  });

  test("a step that takes over a dying block needs no second one", () => {
    const chain = (inPlace: boolean): readonly ArenaBuffer[] => [
      { id: "x", bytes: 100, firstUse: 0, lastUse: 1 },
      { id: "y", bytes: 100, firstUse: 1, lastUse: 2, ...(inPlace ? { inPlaceWith: [{ id: "x", overlapBytes: 100 }] } : {}) },
    ];
    expect(planArena(chain(false)).peakBytes).toBe(200);
    expect(planArena(chain(true)).peakBytes).toBe(100);
  });

  test("a block that may only replace its partner lies from its start or apart from it", () => {
    fc.assert(fc.property(anyBuffers, (buffers) => {
      const { offsets } = planArena(buffers);
      for (const block of buffers) for (const { id, sameStart } of block.inPlaceWith ?? []) {
        const partner = buffers.find((each) => each.id === id);
        if (sameStart !== true || !partner || partner.lastUse !== block.firstUse || partner.firstUse >= block.firstUse) continue;
        const distance = (offsets.get(block.id) ?? NaN) - (offsets.get(id) ?? NaN);
        expect(distance === 0 || distance <= -block.bytes || distance >= partner.bytes).toBe(true);
      }
    }), { numRuns: CASES });
  });

  test("a block that may only replace its partner starts where the partner starts", () => {
    const plan = planArena([
      { id: "in", bytes: 100, firstUse: 0, lastUse: 1 },
      { id: "out", bytes: 60, firstUse: 1, lastUse: 2, inPlaceWith: [{ id: "in", overlapBytes: 0, sameStart: true }] },
    ]);
    expect(plan).toEqual({ offsets: new Map([["in", 0], ["out", 0]]), peakBytes: 100 });
  });

  test("a partial overlap puts the end of the output over the start of the input", () => {
    const plan = planArena([
      { id: "in", bytes: 100, firstUse: 0, lastUse: 1 },
      { id: "out", bytes: 100, firstUse: 1, lastUse: 2, inPlaceWith: [{ id: "in", overlapBytes: 80 }] },
    ]);
    expect(plan).toEqual({ offsets: new Map([["in", 20], ["out", 0]]), peakBytes: 120 });
  });
});

/** Tries every assignment of offsets that are sums of other blocks' sizes; meant to be easy to read, for few blocks. */
function leastPeak(buffers: readonly ArenaBuffer[]): number {
  let candidates = new Set([0]);
  for (const { bytes } of buffers) candidates = new Set([...candidates, ...[...candidates].map((sum) => sum + bytes)]);
  let least = Infinity;
  const assign = (i: number, offsets: Map<string, number>, peak: number): void => {
    const block = buffers[i];
    if (peak >= least) return;
    if (!block) { least = peak; return; }
    for (const offset of candidates) {
      const next = new Map(offsets).set(block.id, offset);
      if (buffers.slice(0, i).every((other) => compatible(block, other, next))) assign(i + 1, next, Math.max(peak, offset + block.bytes));
    }
  };
  assign(0, new Map(), 0);
  return least;
}
