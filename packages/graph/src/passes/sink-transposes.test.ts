import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Graph } from "../graph.ts";
import { interpret } from "../interpret.ts";
import { parseGraph } from "../parse-text.ts";
import { propagateShapes } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { verifyGraph } from "../verify.ts";
import { canonicalize } from "./pipeline.ts";
import { sinkTransposes } from "./sink-transposes.ts";

/** A mean takes its elements in another order below a transpose. */
const RELATIVE_TOLERANCE = 1e-5;

const perm = fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4, maxLength: 4 });

/** A line of a graph: reads value `from`, makes value `to`; every op keeps four axes. */
type Line = (from: string, to: string) => string;

const line: fc.Arbitrary<Line> = fc.oneof(
  { weight: 4, arbitrary: perm.map((order): Line => (from, to) => `${to} = Transpose(${from}) perm=[${order.join(", ")}]`) },
  fc.constantFrom("Relu", "Tanh", "HardSwish").map((op): Line => (from, to) => `${to} = ${op}(${from})`),
  fc.constantFrom("Add", "Mul", "PRelu").map((op): Line => (from, to) => `${to}.k: float32[1, 1] = const [-0.5]\n${to} = ${op}(${from}, ${to}.k)`),
  fc.constant<Line>((from, to) => `${to} = Add(${from}, ${from})`),
  fc.constant<Line>((from, to) => `${to}.m: int64[1] = const [3]\n${to}.low = ReduceMean(${from}, ${to}.m)\n${to} = Sub(${from}, ${to}.low)`),
  fc.integer({ min: -4, max: 3 }).map((axis): Line => (from, to) => `${to} = Concat(${from}, ${from}) axis=${axis}`),
  fc.array(fc.nat(1), { minLength: 8, maxLength: 8 }).map((pads): Line => (from, to) => `${to}.p: int64[8] = const [${pads.join(", ")}]\n${to} = Pad(${from}, ${to}.p)`),
  fc.tuple(fc.nat(1), fc.nat(1), fc.integer({ min: -4, max: 3 })).map(([a, b, axis]): Line => (from, to) => `${to}.p: int64[2] = const [${a}, ${b}]\n${to}.a: int64[1] = const [${axis}]\n${to} = Pad(${from}, ${to}.p, _, ${to}.a)`),
  fc.uniqueArray(fc.nat(3), { minLength: 1, maxLength: 2 }).map((axes): Line => (from, to) => `${to}.a: int64[${axes.length}] = const [${axes.join(", ")}]\n${to} = ReduceMean(${from}, ${to}.a)`),
);

/** Four to nine lines one after another; the last of them also ends in a mean that drops axes. */
const graphs = fc.tuple(fc.array(line, { minLength: 4, maxLength: 9 }), fc.uniqueArray(fc.nat(3), { minLength: 1, maxLength: 3 })).map(([lines, dropped]): Graph => parseGraph([
  "in x: float32[1, 2, 3, 2]", "v0 = Sigmoid(x)",
  ...lines.map((make, i) => make(`v${i}`, `v${i + 1}`)),
  `d: int64[${dropped.length}] = const [${dropped.join(", ")}]`, `y = ReduceMean(v${lines.length}, d) keepdims=0`, `out v${lines.length}, y`,
].join("\n")));

function shaped(graph: Graph): Graph {
  const result = propagateShapes(graph);
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return result.value;
}

function answers(graph: Graph): readonly { readonly shape: readonly number[]; readonly numbers: readonly number[] }[] {
  const x: Tensor = { dtype: "float32", shape: [1, 2, 3, 2], data: Float32Array.from({ length: 12 }, (_, i) => Math.sin(i * 1.7)) };
  return [...interpret(graph, new Map([["x", x]])).values()].map(({ shape, data }) => ({ shape, numbers: Array.from(data, Number) }));
}

function expectSame(after: Graph, before: Graph): void {
  const [found, wanted] = [answers(after), answers(before)];
  expect(found.map(({ shape }) => shape)).toEqual(wanted.map(({ shape }) => shape));
  wanted.forEach(({ numbers }, port) => {
    const size = Math.max(1, ...numbers.map(Math.abs));
    numbers.forEach((number, i) => expect(Math.abs((found[port]?.numbers[i] ?? NaN) - number)).toBeLessThanOrEqual(RELATIVE_TOLERANCE * size));
  });
}

describe("sinkTransposes", () => {
  test("keeps what any chain of its ops computes, leaves it sound, and is done after one run", () => {
    fc.assert(fc.property(graphs, (graph) => {
      const before = shaped(graph);
      const after = sinkTransposes.run(before);
      expect(verifyGraph(after)).toEqual([]);
      expect(sinkTransposes.run(after)).toBe(after);
      expectSame(shaped(after), before);
    }), { numRuns: 300 });
  });

  test("settles together with the other passes", () => {
    fc.assert(fc.property(graphs, (graph) => {
      const result = canonicalize(graph);
      if (!result.ok) throw new Error(JSON.stringify(result.errors));
      expectSame(result.value, shaped(graph));
    }), { numRuns: 150 });
  });
});
