import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { valueOf } from "../../graph.ts";
import type { QTensor } from "../../op.ts";
import { ops } from "../../ops/registry.ts";
import { parseGraph } from "../../parse-text.ts";
import { binaryLanes } from "./elementwise-lanes.ts";
import { type FixedValue, type Lanes, hasLanes } from "./lanes.ts";

const stored = fc.integer({ min: -128, max: 127 });
const scale = fc.constantFrom(0.5, 0.1, 0.02);
const range = fc.tuple(stored, fc.nat(9)).map(([low, width]) => ({ low, high: Math.min(127, low + width) }));
const binary = ["Add", "Sub", "Mul", "Min", "Max", "PRelu"] as const;

function fixed(value: ReturnType<typeof valueOf>): FixedValue {
  if (!hasLanes(value)) throw new Error(`${value.id} has no lanes`);
  return value;
}

describe("binaryLanes", () => {
  test.each(binary)("%s: exactly the smallest and the largest of all answers in the operands' ranges", (op) => {
    fc.assert(fc.property(range, range, fc.tuple(scale, scale, scale), fc.tuple(stored, stored, stored), (a, b, scales, zeros) => {
      const one = op === "Min" || op === "Max";
      const fact = (i: number): string => `scale=${scales[one ? 0 : i]} zero=${zeros[one ? 0 : i]}`;
      const graph = parseGraph(`in a: int8[1, 1] ${fact(0)}\n in b: int8[1, 1] ${fact(1)}\n y: int8[1, 1] ${fact(2)} = ${op}(a, b)\n out y`);
      const lanes = new Map(Object.entries({ a, b }).map(([id, { low, high }]): [string, Lanes] => [id, { axis: 1, low: Int8Array.of(low), high: Int8Array.of(high) }]));
      const found = binaryLanes({ graph, node: graph.nodes[0]!, output: fixed(valueOf(graph, "y")), lanesOf: (id) => lanes.get(id) ?? null });
      const pairs = Array.from({ length: a.high - a.low + 1 }, (_, i) => i + a.low).flatMap((x) => Array.from({ length: b.high - b.low + 1 }, (_, j) => [x, j + b.low] as const));
      const operands = ["a", "b"].map((id, side): QTensor => ({ tensor: { dtype: "int8", shape: [pairs.length], data: Int8Array.from(pairs, (pair) => pair[side]!) }, quant: valueOf(graph, id).quant! }));
      const answers = Array.from(ops[op].evaluateInt8!(operands, [valueOf(graph, "y").quant!], {})[0]!.data, Number);
      expect([found?.lanes.low[0], found?.lanes.high[0]]).toEqual([Math.min(...answers), Math.max(...answers)]);
    }), { numRuns: 100 });
  });
});
