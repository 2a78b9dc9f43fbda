import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyInt8Cnn } from "../../../../testkit/src/index.ts";
import type { Graph } from "../../graph.ts";
import { interpret } from "../../interpret.ts";
import { propagateShapes } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { verifyGraph } from "../../verify.ts";
import { int8Passes, reduceInt8 } from "./reduce-int8.ts";
import { readLanes } from "./read-lanes.ts";

/** Inputs of three sorts: spread over int8, all at one end, all at the other. */
const fills: readonly ((i: number) => number)[] = [(i) => ((i * 89 + 17) % 256) - 128, () => -128, () => 127];

function run(graph: Graph, fill: (i: number) => number, fetch: readonly string[] = graph.outputs): ReadonlyMap<string, Tensor> {
  const feeds = new Map(graph.inputs.map((id): [string, Tensor] => {
    const shape = (graph.values.get(id)?.shape ?? []).map(Number);
    return [id, { dtype: "int8", shape, data: Int8Array.from({ length: shape.reduce((n, dim) => n * dim, 1) }, (_, i) => fill(i)) }];
  }));
  return interpret(graph, feeds, { fetch });
}

function shaped(graph: Graph): Graph {
  const result = propagateShapes(graph);
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return result.value;
}

function expectSameBits(after: Graph, before: Graph): void {
  expect(verifyGraph(after)).toEqual([]);
  expect(shaped(after)).toBe(after);
  for (const fill of fills) expect(run(after, fill)).toEqual(run(before, fill));
}

describe.each(int8Passes.map((pass) => ({ pass, name: pass.name })))("$name", ({ pass }) => {
  test("keeps every bit of the answers, leaves the graph sound and its shapes true, and is done after one run", () => {
    fc.assert(fc.property(anyInt8Cnn, (graph) => {
      const before = shaped(graph);
      const after = pass.run(before);
      expectSameBits(after, before);
      expect(pass.run(after)).toBe(after);
    }), { numRuns: 100 });
  });
});

describe("reduceInt8", () => {
  test("keeps every bit, and gives the same object back for its own result", () => {
    fc.assert(fc.property(anyInt8Cnn, (graph) => {
      const before = shaped(graph);
      const after = reduceInt8(before);
      expectSameBits(after, before);
      expect(reduceInt8(after)).toBe(after);
    }), { numRuns: 100 });
  });
});

describe("readLanes", () => {
  test("no value ever leaves the range that is stated for its channel", () => {
    fc.assert(fc.property(anyInt8Cnn, (graph) => {
      const { lanes } = readLanes(shaped(graph));
      for (const fill of fills) {
        for (const [id, { data, shape }] of run(graph, fill, [...lanes.keys()])) {
          const { axis, low, high } = lanes.get(id)!;
          const inner = shape.slice(axis + 1).reduce((n, dim) => n * dim, 1);
          data.forEach((stored: number | bigint, i: number) => {
            const lane = Math.floor(i / inner) % low.length;
            if (Number(stored) < low[lane]! || Number(stored) > high[lane]!) expect.fail(`${id}[${i}] = ${stored}, lane ${lane}: ${low[lane]} to ${high[lane]}`);
          });
        }
      }
    }), { numRuns: 100 });
  });
});
