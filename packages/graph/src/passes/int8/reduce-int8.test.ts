import { describe, expect, test } from "vitest";
import { parseGraph } from "../../parse-text.ts";
import { propagateShapes } from "../../shape.ts";
import { printGraph } from "../../text.ts";
import { reduceInt8 } from "./reduce-int8.ts";

function shaped(text: string): ReturnType<typeof parseGraph> {
  const result = propagateShapes(parseGraph(text));
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return result.value;
}

describe("reduceInt8", () => {
  test("one pass makes room for the next: a Relu without effect, a Pad, and a channel that only they kept", () => {
    const reduced = reduceInt8(shaped(`
      in x: int8[1, 1, 4, 4] scale=0.5
      w: int8[2, 1, 1, 1] scale=[0.1, 0.1] axis=0 = const [5, 0]
      b: int32[2] scale=[0.05, 0.05] axis=0 = const [0, -7]
      c: int8[1, 2, 4, 4] scale=0.1 zero=-128 = Conv(x, w, b) clampMin=0
      r: int8[1, 2, 4, 4] scale=0.1 zero=-128 = Relu(c)
      n: int64[8] = const [0, 0, 1, 1, 0, 0, 1, 1]
      p: int8[1, 2, 6, 6] scale=0.1 zero=-128 = Pad(r, n)
      v: int8[1, 2, 3, 3] scale=[0.5] axis=0 = const fill 3
      y: int8[1, 1, 4, 4] scale=1 = Conv(p, v)
      out y
    `));
    expect(printGraph(reduced)).toBe(printGraph(shaped(`
      in x: int8[1, 1, 4, 4] scale=0.5
      w: int8[1, 1, 1, 1] scale=[0.1] axis=0 = const [5]
      b: int32[1] scale=[0.05] axis=0 = const [0]
      c: int8[1, 1, 4, 4] scale=0.1 zero=-128 = Conv(x, w, b) clampMin=0
      v: int8[1, 1, 3, 3] scale=[0.5] axis=0 = const fill 3
      y: int8[1, 1, 4, 4] scale=1 = Conv(c, v) pads=[1, 1, 1, 1]
      out y
    `)));
  });

  test.each([
    ["a float graph", "in x: float32[1, 1, 2, 2]\n w: float32[2, 1, 1, 1] = const [0, 1]\n c = Conv(x, w)\n v: float32[1, 2, 1, 1] = const [1, 2]\n y = Conv(c, v)\n out y"],
    ["an open dim", "in x: int8[N, 2] scale=0.5\n w: int8[2, 2] scale=0.5 = const [0, 0, 1, 1]\n c: int8[N, 2] scale=0.5 = Gemm(x, w) transB=1\n v: int8[1, 2] scale=0.5 = const [1, 2]\n y: int8[N, 1] scale=0.5 = Gemm(c, v) transB=1\n out y"],
    ["a scale that the op does not have", "in x: int8[1, 2] scale=0.5\n s: int8[1, 2] scale=0.5 = Sigmoid(x)\n y: int8[1, 2] scale=0.5 zero=-128 = Relu(s)\n out y"],
  ])("%s comes back as the same object", (_why, text) => {
    const graph = shaped(text);
    expect(reduceInt8(graph)).toBe(graph);
  });
});
