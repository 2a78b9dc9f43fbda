import { interpret, parseGraph, printGraph, verifyGraph } from "@edgewise/graph";
import { dequantizeTensor } from "@edgewise/graph/ops";
import { describe, expect, test } from "vitest";
import { quantizeGraph } from "./quantize-graph.ts";
import { structuralRanges } from "./ranges.ts";

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

describe("quantizeGraph", () => {
  test("puts facts on every float value and Quantize and Dequantize at the borders", () => {
    const result = quantizeGraph(small, ranges);
    if (!result.ok) throw new Error(JSON.stringify(result.errors));
    expect(verifyGraph(result.value)).toEqual([]);
    expect(result.value.nodes.map((node) => node.op)).toEqual(["Quantize", "Conv", "MaxPool", "Reshape", "Softmax", "Dequantize"]);
    expect(result.value.values.get("c")?.quant).toEqual({ kind: "affine", scale: [Math.fround(4 / 255)], zeroPoint: [-128], axis: null });
    expect(result.value.values.get("f")?.quant).toEqual(result.value.values.get("c")?.quant);
    expect(result.value.values.get("y_int8")?.quant).toMatchObject({ scale: [1 / 256], zeroPoint: [-128] });
    expect([result.value.inputs, result.value.outputs]).toEqual([["x"], ["y"]]);
  });

  test("int8 borders need no Quantize and keep the names", () => {
    const result = quantizeGraph(small, ranges, { borders: "int8" });
    if (!result.ok) throw new Error(JSON.stringify(result.errors));
    expect(verifyGraph(result.value)).toEqual([]);
    expect(result.value.nodes.map((node) => node.op)).toEqual(["Conv", "MaxPool", "Reshape", "Softmax"]);
    expect([result.value.values.get("x")?.dtype, result.value.values.get("y")?.dtype]).toEqual(["int8", "int8"]);
  });

  test("a channel of zero weights keeps its bias to a millionth", () => {
    const result = quantizeGraph(small, ranges);
    if (!result.ok) throw new Error("refused");
    const bias = result.value.values.get("b");
    const stored = new Int32Array(bias?.constant?.bytes.slice().buffer ?? new ArrayBuffer(0));
    expect((stored[2] ?? 0) * (bias?.quant?.scale[2] ?? 0)).toBeCloseTo(5, 6);
  });

  test("the answer is that of the float graph within a few steps", () => {
    const result = quantizeGraph(small, ranges);
    if (!result.ok) throw new Error("refused");
    const x = { dtype: "float32", shape: [1, 2, 3, 3], data: Float32Array.from({ length: 18 }, (_, i) => Math.sin(i) + 0.5) } as const;
    const feeds = new Map([["x", x]]);
    const c = interpret(small, feeds, { fetch: ["c"] }).get("c")?.data ?? [];
    const stored = interpret(result.value, feeds, { fetch: ["c"] }).get("c");
    const quant = result.value.values.get("c")?.quant;
    if (!stored || !quant) throw new Error("no c");
    const back = dequantizeTensor({ tensor: stored, quant }).data;
    // Input step 4/255 times the weights, and half a step of the output.
    for (let i = 0; i < back.length; i++) expect(Math.abs(Number(back[i]) - Math.min(4, Number(c[i])))).toBeLessThan(0.04);
  });

  test("placeholder ranges give the same structure as real ones", () => {
    const shapeOf = (text: string): string => text.replace(/scale=\S+ zero=\S+/g, "").replace(/const .*/g, "const").replace(/scale=\[.*?\] (zero=\[.*?\] )?axis/g, "axis");
    const bare = parseGraph(printGraph(small).replace("Conv(x, w, b)", "Conv(x, w, _)"));
    for (const graph of [small, bare]) {
      const placeholder = quantizeGraph(graph, structuralRanges(graph));
      const real = quantizeGraph(graph, ranges, { means: { x: [0.5, 1] } });
      if (!placeholder.ok || !real.ok) throw new Error("refused");
      expect(shapeOf(printGraph(placeholder.value))).toBe(shapeOf(printGraph(real.value)));
    }
  });

  test("a quantized graph comes back as the same object, and the result is the same each time", () => {
    const once = quantizeGraph(small, ranges);
    const again = quantizeGraph(small, ranges);
    if (!once.ok || !again.ok) throw new Error("refused");
    expect(printGraph(again.value)).toBe(printGraph(once.value));
    const twice = quantizeGraph(once.value, ranges);
    expect(twice.ok && twice.value === once.value).toBe(true);
  });

  test("operands of a Concat share one scale; a sigmoid among them is requantized", () => {
    const graph = parseGraph(`graph join
in x: float32[1, 4]
a: float32[1, 4] = Sigmoid(x) as "gate"
b: float32[1, 4] = Mul(x, x) as "square"
y: float32[1, 8] = Concat(a, b) axis=1 as "join"
out y
`);
    const result = quantizeGraph(graph, { x: [-4, 4], a: [0, 1], b: [0, 16], y: [0, 16] });
    if (!result.ok) throw new Error(JSON.stringify(result.errors));
    expect(verifyGraph(result.value)).toEqual([]);
    expect(result.value.nodes.map((node) => node.op)).toEqual(["Quantize", "Sigmoid", "Quantize", "Mul", "Concat", "Dequantize"]);
    const out = interpret(result.value, new Map([["x", { dtype: "float32", shape: [1, 4], data: Float32Array.of(-4, 0, 1, 4) }]])).get("y")?.data ?? [];
    [0.018, 0.5, 0.731, 0.982, 16, 0, 1, 16].forEach((want, i) => expect(Math.abs(Number(out[i]) - want)).toBeLessThan(0.3));
  });

  test("every layer without an int8 form is named, and every value without a range", () => {
    const graph = parseGraph(`graph bad
in x: float32[1, 4]
a: float32[1, 4] = HardSigmoid(x) as "curve"
b: float32[1, 4] = LogSoftmax(a) axis=1 as "logs"
out b
`);
    const result = quantizeGraph(graph, {});
    if (result.ok) throw new Error("accepted");
    expect(result.errors.map((error) => error.code)).toEqual(["QUANT_OP", "QUANT_OP", "QUANT_RANGE", "QUANT_RANGE", "QUANT_RANGE", "QUANT_RANGE"]);
    expect(result.errors[0]?.subject).toMatchObject({ kind: "node", node: "curve", op: "HardSigmoid" });
  });
});
