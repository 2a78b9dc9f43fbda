import { type Graph, interpret, parseGraph, valueOf } from "@edgewise/graph";
import { type CalibrationFact, type ModelFacts, needsCalibration, precisions } from "@edgewise/planner/schema";
import { structuralRanges } from "@edgewise/quantizer";
import { canonicalize } from "@edgewise/graph/passes";
import { expect, it } from "vitest";
import { graphInPrecision } from "./recipe.ts";

const text = `graph net
in x: float32[1, 8]
w: float32[8, 16] = const seed 1
a = MatMul(x, w)
r = Relu(a)
k: float32[16, 4] = const seed 2
y = MatMul(r, k)
out y
`;

function floatGraph(): Graph {
  const graph = canonicalize(parseGraph(text));
  if (!graph.ok) throw new Error(JSON.stringify(graph.errors));
  return graph.value;
}

const graph = floatGraph();
const model: ModelFacts = {
  file: "net.onnx", digest: "m", family: "net", variant: "", resolution: null, licence: null, parameters: 1, macs: 1, quantized: false,
  input: { name: "x", dtype: "float32", shape: [1, 8] }, output: { name: "y", dtype: "float32", shape: [1, 4] },
};
const calibration: CalibrationFact = {
  key: "k", model: "m", data: "d", contract: "c", method: "min-max", samples: 1, means: {},
  ranges: Object.fromEntries(Object.keys(structuralRanges(graph)).map((id) => [id, [-8, 8]])),
};

function answer(of: Graph): readonly number[] {
  const input = { dtype: "float32" as const, shape: [1, 8], data: Float32Array.from({ length: 8 }, (_, i) => (i - 3.5) / 4) };
  return Array.from(interpret(of, new Map([[of.inputs[0] ?? "", input]])).get(of.outputs[0] ?? "")?.data ?? [], Number);
}

it.each(precisions)("a graph in %s takes what the float graph takes, and answers near to it", (precision) => {
  const made = graphInPrecision(graph, precision, { model, calibration });
  if (!made.ok) throw new Error(JSON.stringify(made.errors));
  expect(valueOf(made.value, made.value.inputs[0] ?? "").dtype).toBe("float32");
  const [want, have] = [answer(graph), answer(made.value)];
  const largest = Math.max(...want.map(Math.abs));
  expect(have).toHaveLength(4);
  for (const [i, value] of want.entries()) expect(Math.abs((have[i] ?? Number.NaN) - value)).toBeLessThan(0.25 * largest);
});

it.each(precisions.filter(needsCalibration))("without calibration there is no %s, and the next step is said", (precision) => {
  expect(graphInPrecision(graph, precision, { model, calibration: null })).toMatchObject({ ok: false, errors: [{ code: "NO_CALIBRATION" }] });
});
