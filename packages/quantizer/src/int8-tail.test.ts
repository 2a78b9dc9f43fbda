import { parseGraph, printGraph, verifyGraph, interpret, type Tensor } from "@edgewise/graph";
import { describe, expect, test } from "vitest";
import { finishInt8 } from "./int8-tail.ts";

const floatTail = `graph tail
in x: float32[1, 4]
q: int8[1, 4] scale=0.125 zero=3 = Quantize(x)
f: float32[1, 4] = Dequantize(q)
y: float32[1, 4] = Softmax(f) axis=-1
out y
`;

function run(text: string, graph = parseGraph(text)): readonly number[] {
  const feed: Tensor = { dtype: "float32", shape: [1, 4], data: Float32Array.of(1, -2, 3.5, 0.25) };
  return Array.from(interpret(graph, new Map([["x", feed]])).get("y")?.data ?? [], Number);
}

describe("a float tail of an int8 graph", () => {
  test("becomes int8 where the op fixes its own scale, and the Dequantize moves behind it", () => {
    const finished = finishInt8(parseGraph(floatTail));
    expect(printGraph(finished)).toBe(`graph tail
in x: float32[1, 4]
q: int8[1, 4] scale=0.125 zero=3 = Quantize(x)
y_int8: int8[1, 4] scale=0.00390625 zero=-128 = Softmax(q) axis=-1 as "y"
y: float32[1, 4] = Dequantize(y_int8) as "f"
out y
`);
    expect(verifyGraph(finished)).toEqual([]);
  });

  test("answers as the float tail does, to one step of 1/256", () => {
    const [float, integer] = [run(floatTail), run(floatTail, finishInt8(parseGraph(floatTail)))];
    expect(Math.max(...float.map((value, i) => Math.abs(value - (integer[i] ?? 0))))).toBeLessThanOrEqual(1 / 256);
  });

  test("stays where another node reads the float value", () => {
    const graph = parseGraph(floatTail.replace("out y", "z: float32[1, 4] = Relu(f)\nout y, z"));
    expect(finishInt8(graph)).toBe(graph);
  });
});
