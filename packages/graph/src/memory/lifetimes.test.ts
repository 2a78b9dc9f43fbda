import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyCnn } from "../../../testkit/src/index.ts";
import { parseGraph } from "../parse-text.ts";
import { propagateShapes } from "../shape.ts";
import { workOf } from "../work.ts";
import { planArena } from "./arena.ts";
import { maxLiveBytes } from "./buffer.ts";
import { lifetimesOf } from "./lifetimes.ts";

describe("lifetimesOf", () => {
  test("inputs live from the start, outputs to the end, the rest from birth to the last reader; constants not at all", () => {
    const graph = parseGraph(`
      in x: float32[4]
      k: float32[4] = const seed 1
      a: float32[4] = Add(x, k)
      b: float32[4] = Sigmoid(a)
      y: float32[4] = Mul(a, b)
      out y
    `);
    expect(lifetimesOf(graph, { inPlace: false })).toEqual([
      { id: "x", bytes: 16, firstUse: 0, lastUse: 1 },
      { id: "a", bytes: 16, firstUse: 1, lastUse: 3 },
      { id: "b", bytes: 16, firstUse: 2, lastUse: 3 },
      { id: "y", bytes: 16, firstUse: 3, lastUse: 4 },
    ]);
  });

  test("an element-wise chain needs one block in place, two without", () => {
    const graph = parseGraph("in x: float32[25]\na: float32[25] = Relu(x)\ny: float32[25] = Sigmoid(a)\nout y");
    expect(planArena(lifetimesOf(graph)).peakBytes).toBe(100);
    expect(planArena(lifetimesOf(graph, { inPlace: false })).peakBytes).toBe(200);
  });

  test("taking turns in place never needs more memory", () => {
    fc.assert(fc.property(anyCnn, (graph) => {
      const shaped = propagateShapes(graph);
      if (!shaped.ok) throw new Error(JSON.stringify(shaped.errors));
      expect(maxLiveBytes(lifetimesOf(shaped.value))).toBeLessThanOrEqual(maxLiveBytes(lifetimesOf(shaped.value, { inPlace: false })));
    }), { numRuns: 100 });
  });
});

describe("workOf", () => {
  test("counts multiply-accumulates, parameters and bytes by node and in all", () => {
    const graph = parseGraph(`
      in x: float32[1, 2, 4, 4]
      w: float32[3, 2, 3, 3] = const seed 1
      b: float32[3] = const seed 2
      c: float32[1, 3, 2, 2] = Conv(x, w, b) kernel_shape=[3, 3]
      y: float32[1, 3, 2, 2] = Relu(c)
      out y
    `);
    const work = workOf(graph);
    expect(work.nodes.map(({ macs, parameters, parameterBytes, activationBytes, liveBytes }) => ({ macs, parameters, parameterBytes, activationBytes, liveBytes }))).toEqual([
      { macs: 3 * 2 * 9 * 4, parameters: 57, parameterBytes: 228, activationBytes: 48, liveBytes: 176 },
      { macs: 0, parameters: 0, parameterBytes: 0, activationBytes: 48, liveBytes: 96 },
    ]);
    expect(work).toMatchObject({ macs: 216, parameters: 57, parameterBytes: 228, activationBytes: 96, peakLiveBytes: 176, arenaBytes: 176 });
  });
});
