import { type Graph, type Tensor, parseGraph } from "@edgewise/graph";
import { afterAll, describe, expect, test } from "vitest";
import { ortRunner } from "./runner.ts";
import { openModel, runModel } from "./session.ts";
import { fromOrt, toOrt } from "./tensor.ts";
import { writeOnnx } from "@edgewise/formats/onnx";

const graph: Graph = parseGraph(`
in x: float32[1, 3]
two: float32[1] = const [2]
doubled: float32[1, 3] = Mul(x, two)
y: float32[1, 3] = Relu(doubled)
out y
`);

function row(...values: readonly number[]): Tensor {
  return { dtype: "float32", shape: [1, values.length], data: Float32Array.from(values) };
}

describe("ortRunner", () => {
  const runner = ortRunner();
  afterAll(() => runner.close());

  test("returns any value that is named: outputs, values inside, and inputs", async () => {
    const x = row(-1, 0, 2);
    const results = await runner.run(graph, new Map([["x", x]]), ["doubled", "y", "x"]);
    expect(Object.fromEntries(results)).toEqual({ doubled: row(-2, 0, 4), y: row(0, 0, 4), x });
    const inputsOnly = await runner.run(graph, new Map([["x", x]]), ["x"]);
    expect([...inputsOnly]).toEqual([["x", x]]);
  });

  test("repeats to the bit, also after other values and other graphs were asked for", async () => {
    const feeds = new Map([["x", row(0.1, 0.2, 0.3)]]);
    const first = await runner.run(graph, feeds, ["y"]);
    for (let i = 0; i < 6; i++) {
      const other = { ...graph };
      expect(await runner.run(other, feeds, ["doubled", "y"])).toEqual(new Map([["doubled", row(0.2, 0.4, 0.6)], ["y", row(0.2, 0.4, 0.6)]]));
    }
    expect(await runner.run(graph, feeds, ["y"])).toEqual(first);
  });

  test("a fact on a value is returned as stored integers", async () => {
    const quantized = parseGraph(`
in x: float32[1, 4]
q: int8[1, 4] scale=0.5 zero=-1 = Quantize(x)
y: float32[1, 4] = Dequantize(q)
out y
`);
    const results = await runner.run(quantized, new Map([["x", row(0, 1, -100, 100)]]), ["q", "y"]);
    expect(results.get("q")).toEqual({ dtype: "int8", shape: [1, 4], data: Int8Array.of(-1, 1, -128, 127) });
    expect(results.get("y")).toEqual(row(0, 1, -63.5, 64));
  });
});

test("runModel gives what the open model gives", async () => {
  const { model } = writeOnnx(graph);
  const feeds = new Map([["x", row(1, -2, 3)]]);
  const opened = await openModel(model, "all");
  expect([opened.inputs, opened.outputs]).toEqual([["x"], ["y"]]);
  expect(await opened.run(feeds)).toEqual(await runModel(model, feeds));
  await opened.close();
});

test("bytes that are no model are refused in onnxruntime's words", async () => {
  await expect(runModel(Uint8Array.of(1, 2, 3), new Map())).rejects.toThrow(/onnx|protobuf|model/i);
});

test("every type that crosses comes back as it was", () => {
  const tensors: readonly Tensor[] = [
    row(1.5, Number.NaN, -Infinity),
    { dtype: "float16", shape: [2], data: Float32Array.of(65504, -(2 ** -24)) },
    { dtype: "float64", shape: [], data: Float64Array.of(Math.PI) },
    { dtype: "int64", shape: [1], data: BigInt64Array.of(-(2n ** 60n)) },
    { dtype: "int32", shape: [2, 1], data: Int32Array.of(-7, 2 ** 30) },
    { dtype: "int8", shape: [2], data: Int8Array.of(-128, 127) },
    { dtype: "uint8", shape: [2], data: Uint8Array.of(0, 255) },
    { dtype: "bool", shape: [2], data: Uint8Array.of(0, 1) },
  ];
  for (const tensor of tensors) expect(fromOrt(toOrt(tensor))).toEqual(tensor);
});

test("a view into a larger array crosses as its own elements", () => {
  const data = Float32Array.of(1, 2, 3, 4).subarray(1, 3);
  expect(fromOrt(toOrt({ dtype: "float32", shape: [2], data })).data).toEqual(Float32Array.of(2, 3));
});
