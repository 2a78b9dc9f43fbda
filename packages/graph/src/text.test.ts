import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyCnn } from "../../testkit/src/index.ts";
import { parseGraph } from "./parse-text.ts";
import { printGraph } from "./text.ts";

const everything = `graph "every form"
file "model.onnx"
meta "licence" "MIT \\"or\\" not"
in x: float32[N, 3, "unk-1"]
in "input:0": uint8[1, 4] scale=0.1 zero=7
loose: int8[?]
f: float32[3] = const [0.1, -0, inf]
w: int8[2, 2] scale=[0.5, 0.25] axis=0 = const [1, -128, 127, 0]
big: int64[1] = const [-9223372036854775808]
payload: float32[1] = const hex 0100c07f
a: float32[?], "b/c": int64[N] = Split(x, _, big) axis=-1 mode="edge" list=[1, 2.5] names=["p", "q"] as "my node" from "other.onnx"
y = Conv(a, f, w) clampMin=-inf
out y, "b/c"
`;

describe("the text form", () => {
  test("prints what it parsed, in every form", () => {
    const graph = parseGraph(everything);
    const again = parseGraph(printGraph(graph));
    expect(again).toEqual(graph);
    expect(printGraph(again)).toBe(printGraph(graph));
  });

  test("parses what it prints, for any graph", () => {
    fc.assert(fc.property(anyCnn, (graph) => {
      expect(parseGraph(printGraph(graph))).toEqual(graph);
    }), { numRuns: 200 });
  });

  test("prints the shortest decimals that are the stored numbers", () => {
    expect(printGraph(parseGraph("c: float32[2] = const [0.1, 3.4028234663852886e38]\n d: float64[1] = const [0.1]"))).toBe(
      "graph graph\nc: float32[2] = const [0.1, 3.4028235e+38]\nd: float64[1] = const [0.1]\n",
    );
  });

  test.each([
    ["y = Rely(x)", /line 1: Rely is not an op/],
    ["graph g\nx: float23[2]", /line 2: float23 is not an element type/],
    ["c: float32[3] = const [1, 2]", /line 1: c needs 3 elements, found 2/],
    ["in x\nin x", /line 2: x is defined twice/],
    ["in x y", /line 1: unexpected y/],
  ])("refuses %j with its line", (text, message) => {
    expect(() => parseGraph(text)).toThrow(message);
  });
});
