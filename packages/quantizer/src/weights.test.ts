import { interpret, parseGraph, valueOf, verifyGraph } from "@edgewise/graph";
import { decodeConstant } from "@edgewise/graph/ops";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { activationQuant, storeWeights, weightQuant } from "./affine.ts";
import { quantizeGraph } from "./quantize-graph.ts";
import { toFloat16 } from "./to-float16.ts";
import { weightOnly } from "./weight-only.ts";

const graph = parseGraph(`graph dense
in x: float32[1, 3]
w: float32[2, 3] = const [0.5, -0.123, 0.75, 3, 2, 1]
b: float32[2] = const [0.25, 1e6]
y: float32[1, 2] = Gemm(x, w, b) transB=1 as "dense"
out y
`);

describe("facts of weights and activations", () => {
  test("a stored weight is within half a step of the real one and never −128", () => {
    fc.assert(fc.property(fc.array(fc.float({ min: -100, max: 100, noNaN: true }), { minLength: 6, maxLength: 6 }), (data) => {
      const facts = { shape: [2, 3], data, axis: 0 };
      const quant = weightQuant(facts);
      storeWeights(facts, quant).forEach((stored, i) => {
        const step = quant.scale[Math.floor(i / 3)] ?? 0;
        expect(Math.abs(stored)).toBeLessThanOrEqual(127);
        expect(Math.abs(stored * step - (data[i] ?? 0))).toBeLessThanOrEqual((step / 2) * (1 + 1e-6));
      });
    }));
  });

  test("zero is stored exactly and scales are float32 numbers above zero", () => {
    const limit = fc.double({ noNaN: true, min: -1e30, max: 1e30 });
    fc.assert(fc.property(limit, limit, (a, b) => {
      const { scale: [scale = 0], zeroPoint: [zero = 999] } = activationQuant([Math.min(a, b), Math.max(a, b)]);
      expect(scale).toBeGreaterThan(0);
      expect(Math.fround(scale)).toBe(scale);
      expect(Number.isInteger(zero) && zero >= -128 && zero <= 127).toBe(true);
    }));
  });

  test("a bias beyond int32 widens the scale of its weights instead of saturating", () => {
    const result = quantizeGraph(graph, { x: [-1e-6, 1e-6], y: [0, 1e6] });
    if (!result.ok) throw new Error("refused");
    const bias = valueOf(result.value, "b");
    const stored = decodeConstant(bias).data;
    expect(Number(stored[1]) * (bias.quant?.scale[1] ?? 0) / 1e6).toBeCloseTo(1, 6);
    expect(Math.abs(Number(stored[1]))).toBeLessThanOrEqual(2 ** 30 + 64);
  });

  test("bias correction takes away the mean error that rounding the weights makes", () => {
    const mean = [2, -1, 4];
    const answer = (means: Readonly<Record<string, readonly number[]>> | undefined): number => {
      const result = quantizeGraph(parseGraph("in x: float32[1, 3]\nw: float32[1, 3] = const [10, 0.1, 0.11]\ny: float32[1, 1] = Gemm(x, w, _) transB=1\nout y"), { x: [-5, 5], y: [-100, 100] }, means ? { means } : {});
      if (!result.ok) throw new Error("refused");
      const node = result.value.nodes.find(({ op }) => op === "Gemm");
      const read = (id: string | null | undefined): readonly number[] => {
        if (!id) return [0];
        const value = valueOf(result.value, id);
        return Array.from(decodeConstant(value).data as Int8Array | Int32Array, (stored) => stored * (value.quant?.scale[0] ?? 0));
      };
      return read(node?.inputs[1]).reduce((sum, weight, k) => sum + weight * (mean[k] ?? 0), read(node?.inputs[2])[0] ?? 0);
    };
    const real = 10 * 2 - 0.1 + 0.11 * 4;
    expect(Math.abs(answer({ x: mean }) - real)).toBeLessThan(0.01);
    expect(Math.abs(answer(undefined) - real)).toBeGreaterThan(0.05);
  });
});

describe("weight-only int8 and float16", () => {
  const feeds = new Map([["x", { dtype: "float32", shape: [1, 3], data: Float32Array.of(1, 2, 3) } as const]]);

  test("weight-only keeps a sound graph, float borders and an answer within the rounding of the weights", () => {
    const light = weightOnly(graph);
    expect(verifyGraph(light)).toEqual([]);
    expect([valueOf(light, "w").dtype, valueOf(light, "b").dtype, valueOf(light, "y").dtype]).toEqual(["int8", "float32", "float32"]);
    const [found] = interpret(light, feeds).get("y")?.data ?? [];
    expect(Math.abs(Number(found) - (0.25 + 0.5 - 0.246 + 2.25))).toBeLessThan((6 * 0.75) / 254);
    expect(weightOnly(light)).toEqual(light);
  });

  test("float16 rounds constants and holds large ones at the largest number", () => {
    const half = toFloat16(graph);
    expect(verifyGraph(half)).toEqual([]);
    expect(["x", "w", "b", "y"].map((id) => valueOf(half, id).dtype)).toEqual(["float32", "float16", "float16", "float32"]);
    expect(half.nodes.map((node) => node.op)).toEqual(["Cast", "Gemm", "Cast"]);
    expect(Array.from(decodeConstant(valueOf(half, "b")).data, Number)).toEqual([0.25, 65504]);
    expect(Number(decodeConstant(valueOf(half, "w")).data[1])).toBeCloseTo(-0.123, 4);
  });
});
