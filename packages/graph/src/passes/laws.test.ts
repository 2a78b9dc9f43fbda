import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyCnn } from "../../../testkit/src/index.ts";
import type { Graph } from "../graph.ts";
import { interpret } from "../interpret.ts";
import { propagateShapes } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { verifyGraph } from "../verify.ts";
import { canonicalPasses, canonicalize } from "./pipeline.ts";

/** Seven layers of sums of float32 products, whose order and rounding a fusion may change. */
const RELATIVE_TOLERANCE = 1e-4;

function shaped(graph: Graph): Graph {
  const result = propagateShapes(graph);
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return result.value;
}

function run(graph: Graph): ReadonlyMap<string, Tensor> {
  const feeds = new Map(graph.inputs.map((id): [string, Tensor] => {
    const shape = (graph.values.get(id)?.shape ?? []).map(Number);
    const data = Float32Array.from({ length: shape.reduce((n, dim) => n * dim, 1) }, (_, i) => Math.sin(i * 1.7 + 0.3));
    return [id, { dtype: "float32", shape, data }];
  }));
  return interpret(graph, feeds);
}

function expectSameAnswers(after: Graph, before: Graph): void {
  expect(after.inputs).toEqual(before.inputs);
  expect(after.outputs).toEqual(before.outputs);
  const [expected, actual] = [run(before), run(after)];
  for (const id of before.outputs) {
    const want = Array.from(expected.get(id)?.data ?? [], Number);
    const got = Array.from(actual.get(id)?.data ?? [], Number);
    expect(actual.get(id)?.shape).toEqual(expected.get(id)?.shape);
    const size = Math.max(1, ...want.map(Math.abs));
    want.forEach((x, i) => expect(Math.abs((got[i] ?? NaN) - x)).toBeLessThanOrEqual(RELATIVE_TOLERANCE * size));
  }
}

describe.each(canonicalPasses.slice(0, -1).map((pass) => ({ pass, name: pass.name })))("$name", ({ pass }) => {
  test("keeps what the graph computes, leaves it sound, and is done after one run", () => {
    fc.assert(fc.property(anyCnn, (graph) => {
      const before = shaped(graph);
      const after = pass.run(before);
      expect(verifyGraph(after)).toEqual([]);
      expect(pass.run(after)).toBe(after);
      if (after !== before) expectSameAnswers(shaped(after), before);
    }), { numRuns: 100 });
  });
});

describe("canonicalize", () => {
  test("keeps what the graph computes, and gives the same object back for its own result", () => {
    fc.assert(fc.property(anyCnn, (graph) => {
      const result = canonicalize(graph);
      if (!result.ok) throw new Error(JSON.stringify(result.errors));
      expectSameAnswers(result.value, shaped(graph));
      const again = canonicalize(result.value);
      expect(again.ok && again.value === result.value).toBe(true);
    }), { numRuns: 150 });
  });

  test("leaves no BatchNormalization, and no MatMul by a constant matrix", () => {
    fc.assert(fc.property(anyCnn, (graph) => {
      const result = canonicalize(graph);
      const left = result.ok ? result.value.nodes.map(({ op }) => op) : ["failed"];
      expect(left).not.toContain("BatchNormalization");
      expect(left).not.toContain("MatMul");
    }), { numRuns: 150 });
  });
});
