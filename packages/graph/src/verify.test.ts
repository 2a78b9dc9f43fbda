import { describe, expect, test } from "vitest";
import type { Graph, Node } from "./graph.ts";
import { parseGraph } from "./parse-text.ts";
import { verifyGraph } from "./verify.ts";

const sound = `
  in x: float32[1, 1, 2, 2]
  w: float32[1, 1, 1, 1] = const [2]
  c = Conv(x, w) clampMin=0
  y = Relu(c)
  out y
`;

function codes(graph: Graph): readonly string[] {
  return verifyGraph(graph).map(({ code }) => code);
}

function codesOf(text: string): readonly string[] {
  return codes(parseGraph(text));
}

describe("verifyGraph", () => {
  test("finds nothing in a sound graph", () => {
    expect(codesOf(sound)).toEqual([]);
  });

  test("reports a value that is read before it is produced, with the node's name", () => {
    const graph = parseGraph(sound);
    const turned = { ...graph, nodes: [...graph.nodes].reverse() };
    expect(verifyGraph(turned)).toMatchObject([{ code: "GRAPH_ORDER", subject: { kind: "node", file: "graph.txt", node: "y", op: "Relu" } }]);
  });

  test("reports ids that the graph does not have, and values that call themselves otherwise", () => {
    const graph = parseGraph(sound);
    const values = new Map(graph.values);
    values.delete("w");
    expect(codes({ ...graph, values })).toEqual(["GRAPH_UNKNOWN_VALUE"]);
    values.set("w", { ...graph.values.get("w")!, id: "v" });
    expect(codes({ ...graph, values })).toEqual(["GRAPH_VALUE_ID"]);
  });

  test("reports a second producer: node, input or constant", () => {
    const graph = parseGraph(sound);
    const again: Node = { ...graph.nodes[1]!, outputs: ["c"] };
    expect(codes({ ...graph, nodes: [...graph.nodes, again] })).toEqual(["GRAPH_PRODUCERS"]);
    expect(codes({ ...graph, inputs: ["x", "w"] })).toEqual(["GRAPH_PRODUCERS"]);
  });

  test.each([
    ["a required input left out", "in x: float32[1]\ny = Add(x)\nout y", ["GRAPH_ARITY"]],
    ["too many inputs", "in x: float32[1]\ny = Relu(x, x)\nout y", ["GRAPH_ARITY"]],
    ["a repeated input in any number", "in x: float32[1]\ny = Concat(x, x, x) axis=0\nout y", []],
    ["a constant without bytes enough", "c: float32[2] = const hex 00000000", ["GRAPH_CONSTANT_BYTES"]],
    ["a constant of open shape", "c: float32[N] = const hex 00000000", ["GRAPH_CONSTANT_SHAPE"]],
    ["packed sub-byte constants", "c: int4[3] = const [1, -8, 7]", []],
    ["a clamp where the op has none", "in x: float32[1]\ny = Sigmoid(x) clampMin=0\nout y", ["GRAPH_CLAMP"]],
    ["an empty clamp", "in x: float32[1]\ny = Add(x, x) clampMin=1 clampMax=0\nout y", ["GRAPH_CLAMP"]],
    ["facts on float values", "in x: float32[1] scale=1", ["GRAPH_QUANT_DTYPE"]],
    ["an axis beyond the rank", "in x: int8[2] scale=[1, 1] axis=1", ["GRAPH_QUANT_AXIS"]],
    ["fewer scales than channels", "in x: int8[3] scale=[1, 1] axis=0", ["GRAPH_QUANT_COUNT"]],
    ["a scale of zero", "in x: int8[1] scale=0", ["GRAPH_QUANT_SCALE"]],
    ["an endless scale", "in x: int8[1] scale=inf", ["GRAPH_QUANT_SCALE"]],
    ["a zero point beyond int8", "in x: int8[1] scale=1 zero=128", ["GRAPH_QUANT_ZERO_POINT"]],
    ["the same zero point in uint8", "in x: uint8[1] scale=1 zero=128", []],
    ["int8 in, float out", "in x: int8[1] scale=1\ny = Relu(x)\nout y", ["GRAPH_QUANT_MIXED"]],
    ["float in, int8 out", "in x: float32[1]\ny: int8[1] scale=1 = Relu(x)\nout y", ["GRAPH_QUANT_MIXED"]],
    ["int8 plus float", "in x: int8[1] scale=1\nin z: float32[1]\ny: int8[1] scale=1 = Add(x, z)\nout y", ["GRAPH_QUANT_MIXED"]],
    ["weight-only int8", "in x: float32[1, 1]\nw: int8[1, 1] scale=1 = const [1]\ny = MatMul(x, w)\nout y", []],
    ["a quantized Clip with float limits", "in x: int8[1] scale=1\nl: float32[] = const [0]\ny: int8[1] scale=1 = Clip(x, l)\nout y", []],
    ["Quantize without a fact to reach", "in x: float32[1]\ny: int8[1] = Quantize(x)\nout y", ["GRAPH_QUANT_MIXED"]],
    ["Quantize from int8 to int8", "in x: int8[1] scale=1\ny: int8[1] scale=2 = Quantize(x)\nout y", []],
    ["Dequantize of float", "in x: float32[1]\ny = Dequantize(x)\nout y", ["GRAPH_QUANT_MIXED"]],
  ])("judges %s", (_what, text, expected) => {
    expect(codesOf(text)).toEqual(expected);
  });

  test("reports dims that are negative or broken", () => {
    const graph = parseGraph(sound);
    const values = new Map(graph.values);
    values.set("x", { ...graph.values.get("x")!, shape: [1, -1, 2.5, 2] });
    expect(codes({ ...graph, values })).toEqual(["GRAPH_DIM", "GRAPH_DIM"]);
  });
});
