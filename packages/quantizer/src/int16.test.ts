import { type Graph, interpret, parseGraph, valueOf, verifyGraph } from "@edgewise/graph";
import { dequantizeTensor } from "@edgewise/graph/ops";
import { describe, expect, test } from "vitest";
import { quantizeGraph, quantizeInt16x8 } from "./quantize-graph.ts";
import { weightOnly } from "./weight-only.ts";

const small = parseGraph(`graph small
in x: float32[1, 2, 3, 3]
w: float32[3, 2, 1, 1] = const [0.5, -1, 0.25, 2, 0, 0]
b: float32[3] = const [0.1, -0.2, 5]
c: float32[1, 3, 3, 3] = Conv(x, w, b) kernel_shape=[1, 1] clampMin=0 as "first"
p: float32[1, 3, 1, 1] = MaxPool(c) kernel_shape=[3, 3] as "pool"
s: int64[2] = const [1, 3]
f: float32[1, 3] = Reshape(p, s) as "flat"
y: float32[1, 3] = Softmax(f) axis=1 as "top"
out y
`);
const ranges = { x: [-1, 3], c: [0, 4], p: [0, 4], f: [0, 4], y: [0, 1] } as const;

function quantized(graph: Graph, options: Parameters<typeof quantizeInt16x8>[2] = {}): Graph {
  const result = quantizeInt16x8(graph, ranges, options);
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return result.value;
}

describe("quantizeInt16x8", () => {
  test("stores activations in 16 bits about zero, weights in 8, biases in 64", () => {
    const graph = quantized(small);
    expect(verifyGraph(graph)).toEqual([]);
    expect(valueOf(graph, "c")).toMatchObject({ dtype: "int16", quant: { scale: [Math.fround(4 / 32767)], zeroPoint: [0] } });
    expect(valueOf(graph, "x_int16").quant).toMatchObject({ scale: [Math.fround(3 / 32767)], zeroPoint: [0] });
    expect([valueOf(graph, "w").dtype, valueOf(graph, "b").dtype]).toEqual(["int8", "int64"]);
    expect(valueOf(graph, "f").quant).toEqual(valueOf(graph, "c").quant);
    expect(valueOf(graph, "y_int16").quant).toMatchObject({ scale: [2 ** -15], zeroPoint: [0] });
  });

  test("keeps the weights that int8 has", () => {
    const int8 = quantizeGraph(small, ranges);
    if (!int8.ok) throw new Error("refused");
    const stored = (graph: Graph): unknown => valueOf(graph, "w").constant?.bytes;
    expect(stored(quantized(small))).toEqual(stored(int8.value));
  });

  test("gives the borders their own integers when asked", () => {
    const graph = quantized(small, { borders: "int16" });
    expect(graph.nodes.map(({ op }) => op)).toEqual(["Conv", "MaxPool", "Reshape", "Softmax"]);
    expect([valueOf(graph, "x").dtype, valueOf(graph, "y").dtype]).toEqual(["int16", "int16"]);
  });

  test("answers as the float graph within what 8 bits of weight lose", () => {
    const graph = quantized(small);
    const feeds = new Map([["x", { dtype: "float32", shape: [1, 2, 3, 3], data: Float32Array.from({ length: 18 }, (_, i) => Math.sin(i) + 0.5) } as const]]);
    const wanted = interpret(small, feeds, { fetch: ["c"] }).get("c")?.data ?? [];
    const found = interpret(graph, feeds, { fetch: ["c"] }).get("c");
    const quant = valueOf(graph, "c").quant;
    if (!found || !quant) throw new Error("no c");
    const back = dequantizeTensor({ tensor: found, quant }).data;
    // Two inputs of at most 1.5, times half a step of the weights (2 / 127 / 2), and a step of the result.
    for (let i = 0; i < back.length; i++) expect(Math.abs(Number(back[i]) - Math.min(4, Number(wanted[i])))).toBeLessThan(0.025);
  });

  test.each(["Elu", "HardSwish"])("refuses %s, which has no kernel of 16 bits", (op) => {
    const graph = parseGraph(`graph one\nin x: float32[1, 4]\ny: float32[1, 4] = ${op}(x)\nout y\n`);
    const result = quantizeInt16x8(graph, { x: [-1, 1], y: [-1, 1] });
    expect(result.ok ? [] : result.errors.map(({ code }) => code)).toEqual(["QUANT_OP"]);
  });

  test("refuses a graph of integers, and one without ranges", () => {
    const again = quantizeInt16x8(quantized(small), ranges);
    expect(again.ok ? [] : again.errors.map(({ code }) => code)).toEqual(["QUANT_OP"]);
    const bare = quantizeInt16x8(small, {});
    expect(bare.ok ? [] : [...new Set(bare.errors.map(({ code }) => code))]).toEqual(["QUANT_RANGE"]);
  });
});

describe("a graph whose weights are stored already", () => {
  test.each([["int8", quantizeGraph], ["int16", quantizeInt16x8]] as const)("is quantized to %s by the real numbers they stand for", (_, quantize) => {
    const [plain, stored] = [quantize(small, ranges), quantize(weightOnly(small), ranges)];
    if (!plain.ok || !stored.ok) throw new Error("refused");
    const [wanted, found] = [valueOf(plain.value, "w"), valueOf(stored.value, "w")];
    expect(found.constant?.bytes).toEqual(wanted.constant?.bytes);
    // A scale is rounded up each time it is chosen.
    found.quant?.scale.forEach((scale, i) => expect(scale / (wanted.quant?.scale[i] ?? NaN)).toBeCloseTo(1, 6));
  });
});

test("weights of more than two axes have no int16 form", () => {
  const graph = parseGraph("graph one\nin x: float32[2, 1, 2]\nw: float32[2, 2, 1] = const [1, 2, 3, 4]\ny: float32[2, 1, 1] = MatMul(x, w)\nout y\n");
  const ranges = { x: [-1, 1], y: [-1, 1] } as const;
  const [int8, int16] = [quantizeGraph(graph, ranges), quantizeInt16x8(graph, ranges)];
  expect([int8.ok, int16.ok ? [] : int16.errors.map(({ code }) => code)]).toEqual([true, ["QUANT_OP"]]);
});
