import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { DType } from "../dtype.ts";
import { dtypes } from "../dtype.ts";
import type { Attrs } from "../graph.ts";
import type { OpName } from "../op.ts";
import { type Tensor, allocate, elementCount } from "../tensor.ts";
import { ops } from "./registry.ts";

/** A few float32 roundings on numbers up to 10. */
const TOLERANCE = 1e-5;

function noise(shape: readonly number[], seed: number, dtype: DType = "float32"): Tensor {
  const data = allocate(dtype, elementCount(shape));
  for (let i = 0; i < data.length; i++) data[i] = Math.sin(i * 2.3 + seed) * 3 as never;
  return { dtype, shape, data };
}

function scalarOf(dtype: DType, value: bigint): Tensor {
  const data = allocate(dtype, 1);
  data[0] = (data instanceof BigInt64Array || data instanceof BigUint64Array ? value : Number(value)) as never;
  return { dtype, shape: [], data };
}

function one(op: OpName, inputs: readonly (Tensor | null)[], attrs: Attrs = {}): Tensor {
  return ops[op].evaluate(inputs, attrs, 1)[0]!;
}

function numbers(tensor: Tensor): number[] {
  return Array.from(tensor.data, Number);
}

function expectClose(found: Tensor, wanted: readonly number[]): void {
  expect(found.data).toHaveLength(wanted.length);
  wanted.forEach((x, i) => expect(Math.abs(Number(found.data[i]) - x)).toBeLessThanOrEqual(TOLERANCE * Math.max(1, Math.abs(x))));
}

const integerTypes: readonly DType[] = ["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"];

describe("Add, Sub, Mul, Div, Min, Max", () => {
  const exact: Record<"Add" | "Sub" | "Mul" | "Div" | "Min" | "Max", (a: bigint, b: bigint) => bigint> = {
    Add: (a, b) => a + b, Sub: (a, b) => a - b, Mul: (a, b) => a * b, Div: (a, b) => a / b, Min: (a, b) => (a < b ? a : b), Max: (a, b) => (a > b ? a : b),
  };

  test("of integers are exact, reduced to the low bits of their type", () => {
    const cases = fc.constantFrom(...integerTypes).chain((dtype) => {
      const { bits, kind } = dtypes[dtype];
      const low = kind === "signed" ? -(2n ** BigInt(bits - 1)) : 0n;
      const value = fc.bigInt({ min: low, max: low + 2n ** BigInt(bits) - 1n });
      return fc.tuple(fc.constant(dtype), value, value.filter((b) => b !== 0n));
    });
    fc.assert(fc.property(cases, fc.constantFrom(...(Object.keys(exact) as (keyof typeof exact)[])), ([dtype, a, b], op) => {
      const { bits, kind } = dtypes[dtype];
      const wanted = exact[op](a, b);
      const found = BigInt(one(op, [scalarOf(dtype, a), scalarOf(dtype, b)]).data[0]!);
      expect(found).toBe(kind === "signed" ? BigInt.asIntN(bits, wanted) : BigInt.asUintN(bits, wanted));
    }), { numRuns: 400 });
  });

  test("Min and Max of a NaN are NaN, whichever side it is on", () => {
    const [nan, one_] = [Float32Array.of(NaN, 1), Float32Array.of(1, NaN)].map((data): Tensor => ({ dtype: "float32", shape: [2], data }));
    for (const op of ["Min", "Max"] as const) expect(numbers(one(op, [nan!, one_!]))).toEqual([NaN, NaN]);
  });

  test("int8 Min and Max choose among stored numbers, and refuse facts that differ", () => {
    const quant = { kind: "affine", scale: [0.5], zeroPoint: [3], axis: null } as const;
    const stored = (...data: number[]): Tensor => ({ dtype: "int8", shape: [data.length], data: Int8Array.from(data) });
    const [a, b] = [{ tensor: stored(-128, 5, 127), quant }, { tensor: stored(0), quant }];
    expect(numbers(ops.Min.evaluateInt8!([a, b], [quant], {})[0]!)).toEqual([-128, 0, 0]);
    expect(numbers(ops.Max.evaluateInt8!([a, b], [quant], {})[0]!)).toEqual([0, 5, 127]);
    const other = { ...quant, zeroPoint: [4] };
    expect(() => ops.Max.evaluateInt8!([a, { ...b, quant: other }], [quant], {})).toThrow(expect.objectContaining({ code: "OP_QUANT" }));
    expect(() => ops.Max.evaluateInt8!([a, b], [other], {})).toThrow(expect.objectContaining({ code: "OP_QUANT" }));
  });

  test("an integer divided by zero is refused", () => {
    for (const dtype of integerTypes) expect(() => one("Div", [scalarOf(dtype, 1n), scalarOf(dtype, 0n)])).toThrow(expect.objectContaining({ code: "OP_INPUT" }));
  });

  test("repeat the smaller operand along its dims of 1", () => {
    const y = one("Sub", [noise([2, 1, 3], 1), noise([4, 1], 2)]);
    expect(y.shape).toEqual([2, 4, 3]);
    const a = numbers(noise([2, 1, 3], 1));
    const b = numbers(noise([4, 1], 2));
    expect(numbers(y)).toEqual(Array.from({ length: 24 }, (_, i) => Math.fround(a[Math.floor(i / 12) * 3 + (i % 3)]! - b[Math.floor(i / 3) % 4]!)));
  });

  test("round a float16 result once", () => {
    // 2048 + 1 lies half-way between two float16 numbers; the even one is 2048.
    const y = one("Add", [{ dtype: "float16", shape: [], data: Float32Array.of(2048) }, { dtype: "float16", shape: [2], data: Float32Array.of(1, 1.5) }]);
    expect(numbers(y)).toEqual([2048, 2050]);
  });

  test("keep a name only through the neutral element", () => {
    const fact = (elements: readonly (number | string)[]): { dtype: "int64"; shape: readonly number[]; elements: readonly (number | string)[] } => ({ dtype: "int64", shape: [elements.length], elements });
    const known = (op: OpName, b: number): unknown => ops[op].infer([fact(["N", 6]), fact([b])], {}, 1)[0]?.elements;
    expect([known("Add", 0), known("Sub", 0), known("Mul", 1), known("Div", 1)]).toEqual([["N", 6], ["N", 6], ["N", 6], ["N", 6]]);
    expect([known("Add", 2), known("Sub", 2), known("Mul", 2), known("Div", 2)]).toEqual([[null, 8], [null, 4], [null, 12], [null, 3]]);
  });
});

describe("a fused clamp", () => {
  test("is the Clip of the unclamped result, on every op that carries one", () => {
    const x = noise([1, 2, 4, 4], 3);
    const cases: readonly (readonly [OpName, readonly Tensor[], Attrs])[] = [
      ["Conv", [x, noise([2, 2, 3, 3], 4)], {}], ["Gemm", [noise([3, 4], 5), noise([4, 2], 6)], {}], ["MatMul", [noise([3, 4], 5), noise([4, 2], 6)], {}],
      ["Add", [x, x], {}], ["Sub", [x, noise([4], 7)], {}], ["Mul", [x, x], {}],
      ["MaxPool", [x], { kernel_shape: [2, 2] }], ["AveragePool", [x], { kernel_shape: [2, 2] }], ["GlobalAveragePool", [x], {}],
    ];
    const limit = (value: number): Tensor => ({ dtype: "float32", shape: [], data: Float32Array.of(value) });
    for (const [op, inputs, attrs] of cases) {
      expect(one(op, inputs, { ...attrs, clampMin: -0.5, clampMax: 0.25 })).toEqual(one("Clip", [one(op, inputs, attrs), limit(-0.5), limit(0.25)]));
      expect(one(op, inputs, { ...attrs, clampMin: 0 })).toEqual(one("Relu", [one(op, inputs, attrs)]));
    }
  });
});

describe("products of matrices", () => {
  test("Gemm is alpha · A · B + beta · C, whichever operands are transposed", () => {
    const [a, b, c] = [noise([5, 3], 1), noise([3, 6], 2), noise([6], 3)];
    const wanted = Array.from({ length: 30 }, (_, i) => {
      const [row, column] = [Math.floor(i / 6), i % 6];
      let sum = 0;
      for (let k = 0; k < 3; k++) sum += Number(a.data[row * 3 + k]) * Number(b.data[k * 6 + column]);
      return 0.5 * sum + 2 * Number(c.data[column]);
    });
    for (const transA of [0, 1]) {
      for (const transB of [0, 1]) {
        const flipped = (x: Tensor, flip: number): Tensor => (flip === 1 ? one("Transpose", [x]) : x);
        expectClose(one("Gemm", [flipped(a, transA), flipped(b, transB), c], { transA, transB, alpha: 0.5, beta: 2 }), wanted);
      }
    }
  });

  test("MatMul of stacks is the Gemm of each pair, a single matrix met by all", () => {
    const [a, b] = [noise([2, 3, 4], 4), noise([4, 5], 5)];
    const y = one("MatMul", [a, b]);
    expect(y.shape).toEqual([2, 3, 5]);
    const each = [0, 1].flatMap((i) => numbers(one("Gemm", [{ ...a, shape: [3, 4], data: a.data.slice(i * 12, i * 12 + 12) }, b])));
    expect(numbers(y)).toEqual(each);
  });

  test("of 64-bit integers are exact", () => {
    const big: Tensor = { dtype: "int64", shape: [1, 2], data: BigInt64Array.of(2n ** 60n + 1n, 3n) };
    expect(one("MatMul", [big, { dtype: "int64", shape: [2], data: BigInt64Array.of(1n, 5n) }]).data).toEqual(BigInt64Array.of(2n ** 60n + 16n));
  });
});

describe("normalizations", () => {
  const axis = fc.integer({ min: -3, max: 2 });

  test("Softmax sums to 1 along its axis, is not moved by a shift, and LogSoftmax is its logarithm", () => {
    fc.assert(fc.property(axis, fc.integer({ min: -1000, max: 1000 }), (at, shift) => {
      const x = noise([2, 3, 4], shift);
      const y = one("Softmax", [x], { axis: at });
      const mean = one("ReduceMean", [y, { dtype: "int64", shape: [1], data: BigInt64Array.of(BigInt(at)) }]);
      const count = x.shape.at(at)!;
      numbers(mean).forEach((each) => expect(each * count).toBeCloseTo(1, 5));
      expectClose(one("LogSoftmax", [x], { axis: at }), numbers(y).map(Math.log));
      // Shifted by a power of two times 64, float32 noise keeps its leading bits.
      const far = one("Softmax", [one("Add", [x, { dtype: "float32", shape: [], data: Float32Array.of(64) }])], { axis: at });
      expectClose(far, numbers(y));
    }), { numRuns: 30 });
  });

  test("BatchNormalization in training gives each channel the mean B and the deviation scale", () => {
    const x = noise([4, 2, 9], 9);
    const parameters = [Float32Array.of(2, 3), Float32Array.of(-1, 5), Float32Array.of(0, 0), Float32Array.of(1, 1)].map((data): Tensor => ({ dtype: "float32", shape: [2], data }));
    const [y, mean, variance] = ops.BatchNormalization.evaluate([x, ...parameters], { training_mode: 1, momentum: 0, epsilon: 0 }, 3) as [Tensor, Tensor, Tensor];
    for (let c = 0; c < 2; c++) {
      const channel = numbers(y).filter((_, i) => Math.floor(i / 9) % 2 === c);
      const center = channel.reduce((sum, each) => sum + each, 0) / channel.length;
      expect(center).toBeCloseTo([-1, 5][c]!, 4);
      expect(Math.sqrt(channel.reduce((sum, each) => sum + (each - center) ** 2, 0) / channel.length)).toBeCloseTo([2, 3][c]!, 4);
    }
    const inference = one("BatchNormalization", [x, parameters[0]!, parameters[1]!, mean, variance], { epsilon: 0 });
    expectClose(inference, numbers(y));
  });
});

describe("activations", () => {
  test("answer on both sides of zero as their definitions, and a saturated Sigmoid is exact", () => {
    const x: Tensor = { dtype: "float32", shape: [5], data: Float32Array.of(-200, -1, 0, 1, 200) };
    expect(numbers(one("Relu", [x]))).toEqual([0, 0, 0, 1, 200]);
    expectClose(one("LeakyRelu", [x], { alpha: 0.1 }), [-20, -0.1, 0, 1, 200]);
    expectClose(one("Elu", [x]), [-1, Math.exp(-1) - 1, 0, 1, 200]);
    expectClose(one("Sigmoid", [x]), [0, 1 / (1 + Math.E), 0.5, 1 / (1 + 1 / Math.E), 1]);
    expectClose(one("HardSwish", [x]), [0, -1 / 3, 0, 2 / 3, 200]);
    expectClose(one("HardSigmoid", [x]), [0, 0.3, 0.5, 0.7, 1]);
    expectClose(one("PRelu", [x, { dtype: "float32", shape: [1], data: Float32Array.of(2) }]), [-400, -2, 0, 1, 200]);
  });

  test("Clip with min above max gives max everywhere", () => {
    const limit = (value: number): Tensor => ({ dtype: "float32", shape: [], data: Float32Array.of(value) });
    expect(numbers(one("Clip", [noise([4], 1), limit(2), limit(-2)]))).toEqual([-2, -2, -2, -2]);
  });
});
