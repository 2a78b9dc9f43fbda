import type { Quant } from "@edgewise/graph";
import { sumNumbers } from "@edgewise/graph/ops";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type LinearSum, addValue, solveAdd, solveAddAt } from "./add.ts";
import { type SumTask, provesSum, sumReference } from "./sum.ts";

/** Sums and differences whose result's scale suits its operands, with and without a rectifier. */
const tasks: fc.Arbitrary<SumTask> = fc.record({
  aScale: scale(), bScale: scale(), fill: fc.double({ min: 0.4, max: 2, noNaN: true }),
  zeros: fc.tuple(zero(), zero(), zero()), rectified: fc.boolean(), aSign: sign(), bSign: sign(),
}).map(({ aScale, bScale, fill, zeros, rectified, aSign, bSign }) => {
  const facts = { a: quantOf(aScale, zeros[0]), b: quantOf(bScale, zeros[1]), output: quantOf((aScale + bScale) * fill, zeros[2]) };
  return { numbers: sumNumbers(facts, rectified ? { clampMin: 0 } : {}), aSign, bSign };
});

function quantOf(scale: number, zeroPoint: number): Quant {
  return { kind: "affine", scale: [Math.fround(scale)], zeroPoint: [zeroPoint], axis: null };
}

function scale(): fc.Arbitrary<number> {
  return fc.double({ min: 0.001, max: 0.5, noNaN: true });
}

function zero(): fc.Arbitrary<number> {
  return fc.integer({ min: -128, max: 127 });
}

function sign(): fc.Arbitrary<1 | -1> {
  return fc.constantFrom(1, -1);
}

/** The reference kernel of tflite-micro, in 64-bit integers. */
function kernel({ numbers, aSign, bSign }: SumTask, a: number, b: number): number {
  const left = scaled(BigInt(a - numbers.aZero) << 20n, numbers.a);
  const right = scaled(BigInt(b - numbers.bZero) << 20n, numbers.b);
  const y = numbers.outputZero + Number(scaled(BigInt(aSign) * left + BigInt(bSign) * right, numbers.output));
  return Math.min(numbers.range.max, Math.max(numbers.range.min, y));
}

function scaled(x: bigint, { multiplier, shift }: { readonly multiplier: number; readonly shift: number }): bigint {
  const wide = shift > 0 ? x << BigInt(shift) : x;
  const high = (wide * BigInt(multiplier) + (1n << 30n)) >> 31n;
  if (shift >= 0) return high;
  const half = 1n << BigInt(-shift - 1);
  return high >= 0n ? (high + half) >> BigInt(-shift) : -((-high + half) >> BigInt(-shift));
}

/** Pairs of stored numbers for which a line is not the kernel's answer. */
function wrongPairs(task: SumTask, found: LinearSum): readonly number[] {
  const wrong: number[] = [];
  for (let a = -128; a < 128; a += 3) for (let b = -128; b < 128; b++) if (addValue(found, a, b) !== kernel(task, a, b)) wrong.push(a, b);
  return wrong;
}

describe("sums as a line", () => {
  test("a line equals the kernel for every pair", () => {
    fc.assert(fc.property(tasks, (task) => {
      const found = solveAdd(task);
      if (found !== null) expect(wrongPairs(task, found)).toEqual([]);
    }), { numRuns: 12 });
  });

  test("a line of a given shift equals the kernel for every pair, within the largest slope", () => {
    let solved = 0;
    fc.assert(fc.property(tasks, (task) => {
      const found = solveAddAt(task, { shift: 21, largest: 2 ** 23 - 1 });
      if (found === null) return;
      solved++;
      expect(found.shift).toBe(21);
      expect(Math.max(Math.abs(found.m1), Math.abs(found.m2))).toBeLessThan(2 ** 23);
      expect(wrongPairs(task, found)).toEqual([]);
    }), { numRuns: 12, seed: 3 });
    expect(solved).toBeGreaterThanOrEqual(9);
  });

  test("nine in ten sums have a line", () => {
    const found = fc.sample(tasks, { numRuns: 150, seed: 5 }).map((task) => solveAdd(task));
    expect(found.filter((form) => form !== null).length).toBeGreaterThanOrEqual(135);
  });

  test("operands of the result's scale are added as they are", () => {
    const same = quantOf(0.25, 0);
    const found = solveAdd({ numbers: sumNumbers({ a: same, b: same, output: same }, {}), aSign: 1, bSign: -1 })!;
    expect(found.clamp).toBe(null);
    expect([addValue(found, 100, -100), addValue(found, -7, 5), addValue(found, 3, 0)]).toEqual([127, -12, 3]);
  });

  test("a clamp inside int8 is named beside the line", () => {
    const [a, output] = [quantOf(0.1, 3), quantOf(0.13, -20)];
    const task: SumTask = { numbers: sumNumbers({ a, b: a, output }, { clampMin: 0, clampMax: 6 }), aSign: 1, bSign: 1 };
    expect(solveAdd(task)?.clamp).toEqual({ min: -20, max: 26 });
  });

  test("a slope or offset that is off is refused", () => {
    const [a, b, output] = [quantOf(0.0394, -128), quantOf(0.1042, 4), quantOf(0.0509, -128)];
    const task: SumTask = { numbers: sumNumbers({ a, b, output }, {}), aSign: 1, bSign: 1 };
    const reference = sumReference(task)!;
    const proves = (form: LinearSum): boolean => provesSum(task, reference, (x, y) => addValue(form, x, y));
    const found = solveAdd(task)!;
    expect(proves(found)).toBe(true);
    expect([{ ...found, m1: found.m1 + 64 }, { ...found, m2: found.m2 - 64 }, { ...found, c: found.c + 2 ** (found.shift - 6) }].map(proves)).toEqual([false, false, false]);
  });
});
