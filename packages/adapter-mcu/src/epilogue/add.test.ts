import type { Quant } from "@edgewise/graph";
import { sumNumbers } from "@edgewise/graph/ops";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type AddEpilogue, type AddForm, addValue, solveAdd } from "./add.ts";
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

describe("cheaper sums", () => {
  test.each<AddForm>(["dual", "linear", "tables"])("a %s form equals the kernel for every pair", (form) => {
    fc.assert(fc.property(tasks, (task) => {
      const found = solveAdd(task, [form]);
      if (found === null) return;
      const wrong: number[] = [];
      for (let a = -128; a < 128; a += 3) for (let b = -128; b < 128; b++) if (addValue(found, a, b) !== kernel(task, a, b)) wrong.push(a, b);
      expect(wrong).toEqual([]);
    }), { numRuns: 12 });
  });

  test("nine in ten sums have the linear form", () => {
    const found = fc.sample(tasks, { numRuns: 150, seed: 5 }).map((task) => solveAdd(task, ["linear"]));
    expect(found.filter((form) => form !== null).length).toBeGreaterThanOrEqual(135);
  });

  test("operands of the result's scale take the dual form", () => {
    const same = quantOf(0.25, 0);
    const found = solveAdd({ numbers: sumNumbers({ a: same, b: same, output: same }, {}), aSign: 1, bSign: -1 });
    expect(found).toMatchObject({ kind: "dual", clamp: null });
    expect([addValue(found!, 100, -100), addValue(found!, -7, 5), addValue(found!, 3, 0)]).toEqual([127, -12, 3]);
  });

  test("a clamp inside int8 is named beside the form", () => {
    const [a, output] = [quantOf(0.1, 3), quantOf(0.13, -20)];
    const task: SumTask = { numbers: sumNumbers({ a, b: a, output }, { clampMin: 0, clampMax: 6 }), aSign: 1, bSign: 1 };
    expect(solveAdd(task)?.clamp).toEqual({ min: -20, max: 26 });
  });

  test("a slope, offset or table entry that is off is refused", () => {
    const [a, b, output] = [quantOf(0.0394, -128), quantOf(0.1042, 4), quantOf(0.0509, -128)];
    const task: SumTask = { numbers: sumNumbers({ a, b, output }, {}), aSign: 1, bSign: 1 };
    const reference = sumReference(task)!;
    const proves = (form: AddEpilogue): boolean => provesSum(task, reference, (x, y) => addValue(form, x, y));
    const linear = solveAdd(task, ["linear"])!;
    const tables = solveAdd(task, ["tables"])!;
    if (linear.kind !== "linear" || tables.kind !== "tables") throw new Error("one form each");
    expect(proves(linear)).toBe(true);
    expect([{ ...linear, m1: linear.m1 + 64 }, { ...linear, m2: linear.m2 - 64 }, { ...linear, c: linear.c + 2 ** (linear.shift - 6) }].map(proves)).toEqual([false, false, false]);
    expect(proves({ ...tables, a: tables.a.map((entry, i) => (i === 200 ? entry + 2 ** (tables.shift - 2) : entry)) })).toBe(false);
  });
});
