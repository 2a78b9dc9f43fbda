import { type Graph, type Result, interpret, parseGraph, valueOf, verifyGraph } from "@edgewise/graph";
import { canonicalize } from "@edgewise/graph/passes";
import { describe, expect, test } from "vitest";
import { structuralRanges } from "./ranges.ts";
import { symmetricActivations } from "./symmetric.ts";
import { weightOnly } from "./weight-only.ts";

function valueOrThrow<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return result.value;
}

const graph: Graph = valueOrThrow(canonicalize(parseGraph(`graph small
in x: float32[1, 2, 6, 6]
w: float32[4, 2, 3, 3] = const seed 1
b: float32[4] = const seed 2
v: float32[4, 2, 1, 1] = const seed 3
y = Conv(x, w, b) kernel_shape=[3, 3] pads=[1, 1, 1, 1]
z = Conv(x, v) kernel_shape=[1, 1]
s = Add(y, z)
p = GlobalAveragePool(s)
f = Flatten(p)
k: float32[4, 4] = const seed 4
o = MatMul(f, k)
out o
`)));
const input = { dtype: "float32" as const, shape: [1, 2, 6, 6], data: Float32Array.from({ length: 72 }, (_, i) => Math.sin(i) * 0.9) };
const output = (of: Graph): readonly number[] => Array.from(interpret(of, new Map([["x", input]])).get(of.outputs[0]!)!.data as Float32Array);

describe("symmetricActivations", () => {
  const found = valueOrThrow(symmetricActivations(graph, structuralRanges(graph)));

  test("every multiplying layer reads one rounded value, its zero point is 0, and the graph verifies", () => {
    expect(verifyGraph(found)).toEqual([]);
    expect(found.nodes.map(({ op }) => op).filter((op) => op === "Quantize")).toHaveLength(2);
    for (const node of found.nodes.filter(({ op }) => op === "Quantize")) expect(valueOf(found, node.outputs[0]!).quant).toMatchObject({ zeroPoint: [0], axis: null });
    for (const node of found.nodes.filter(({ op }) => ["Conv", "MatMul", "Gemm"].includes(op))) expect(node.inputs[0]).toMatch(/_rounded$/);
  });

  test("its answer is the weight-only graph's within half a step of each activation, times the weights", () => {
    const [exact, rounded] = [output(weightOnly(graph)), output(found)];
    rounded.forEach((value, i) => expect(Math.abs(value - exact[i]!)).toBeLessThan(0.2));
    expect(rounded).not.toEqual(exact);
  });

  test("an activation without a range is named", () => {
    const { x: _, ...others } = structuralRanges(graph);
    expect(symmetricActivations(graph, others)).toMatchObject({ ok: false, errors: [{ code: "QUANT_RANGE" }, { code: "QUANT_RANGE" }] });
  });

  test("a graph that is quantized already is refused", () => {
    expect(symmetricActivations(found, structuralRanges(graph))).toMatchObject({ ok: false, errors: [{ code: "QUANT_OP" }] });
  });
});
