import { describe, expect, test } from "vitest";
import type { Diagnostic } from "./diagnostic.ts";
import type { Graph } from "./graph.ts";
import { InterpretError, interpret, prepareInterpreter } from "./interpret.ts";
import { parseGraph } from "./parse-text.ts";
import type { Tensor } from "./tensor.ts";

function feed(entries: Readonly<Record<string, Tensor>>): ReadonlyMap<string, Tensor> {
  return new Map(Object.entries(entries));
}

function reals(...numbers: readonly number[]): Tensor {
  return { dtype: "float32", shape: [numbers.length], data: Float32Array.from(numbers) };
}

function mistake(run: () => unknown): Diagnostic {
  try {
    run();
  } catch (error) {
    if (error instanceof InterpretError) return error.diagnostic;
    throw error;
  }
  throw new Error("nothing was refused");
}

const chain: Graph = parseGraph("in x: float32[N]\na = Relu(x)\nb = Add(a, x)\nc = Sub(b, a)\nout c");

describe("interpret", () => {
  test("returns the outputs, or exactly what is fetched", () => {
    const feeds = feed({ x: reals(-1, 2) });
    expect([...interpret(chain, feeds)]).toEqual([["c", reals(-1, 2)]]);
    expect([...interpret(chain, feeds, { fetch: ["b", "x"] })]).toEqual([["b", reals(-1, 4)], ["x", reals(-1, 2)]]);
  });

  test("runs only what the fetched values need", () => {
    const graph = parseGraph("in x: int32[1]\nin z: int32[1]\ny = Div(x, z)\ns = Add(x, x)\nout y, s");
    const whole = (value: number): Tensor => ({ dtype: "int32", shape: [1], data: Int32Array.of(value) });
    expect(interpret(graph, feed({ x: whole(3) }), { fetch: ["s"] }).get("s")).toEqual(whole(6));
    expect(mistake(() => interpret(graph, feed({ x: whole(3), z: whole(0) })))).toMatchObject({ code: "OP_INPUT", subject: { kind: "node", node: "y", op: "Div" } });
  });

  test("a prepared graph answers each feed by itself", () => {
    const run = prepareInterpreter(chain);
    expect([1, 2, 1].map((value) => run(feed({ x: reals(value) })).get("c"))).toEqual([reals(1), reals(2), reals(1)]);
  });

  test("refuses feeds of another type or shape, missing ones, and unknown values to fetch", () => {
    const graph = parseGraph("in x: float32[N, 2]\ny = Relu(x)\nout y");
    expect(mistake(() => interpret(graph, feed({})))).toMatchObject({ code: "FEED_MISSING", subject: { name: "x" } });
    expect(mistake(() => interpret(graph, feed({ x: { dtype: "int8", shape: [1, 2], data: new Int8Array(2) } })))).toMatchObject({ code: "FEED_TYPE" });
    expect(mistake(() => interpret(graph, feed({ x: reals(1, 2) })))).toMatchObject({ code: "FEED_SHAPE", expected: "float32[N, 2]" });
    expect(mistake(() => interpret(graph, feed({}), { fetch: ["nope"] }))).toMatchObject({ code: "FETCH_UNKNOWN", found: "nope" });
  });

  test("names the user's node when an op cannot compute", () => {
    const graph = parseGraph("in a: float32[N]\nin b: float32[M]\ny = Mul(a, b) as \"scale it\"\nout y");
    expect(mistake(() => interpret(graph, feed({ a: reals(1, 2), b: reals(1, 2, 3) })))).toMatchObject({ code: "OP_SHAPE", subject: { kind: "node", node: "scale it", op: "Mul" } });
  });
});

describe("facts", () => {
  test("weights alone: they are dequantized, and the rest is float", () => {
    const stored = parseGraph("in x: float32[1, 2]\nw: int8[2, 2] scale=[0.5, 0.25] axis=1 = const [2, 4, -6, 8]\ny = Gemm(x, w)\nout y");
    const real = parseGraph("in x: float32[1, 2]\nw: float32[2, 2] = const [1, 1, -3, 2]\ny = Gemm(x, w)\nout y");
    const feeds = feed({ x: { dtype: "float32", shape: [1, 2], data: Float32Array.of(0.3, -7) } });
    expect(interpret(stored, feeds)).toEqual(interpret(real, feeds));
  });

  test("at the borders: reals are stored with ties away from zero, and come back within half a scale", () => {
    const graph = parseGraph("in x: float32[4]\nq: int8[4] scale=0.5 zero=3 = Quantize(x)\ny = Dequantize(q)\nout q, y");
    const found = interpret(graph, feed({ x: reals(0.25, -0.25, 0.1, 1e9) }));
    expect(found.get("q")).toEqual({ dtype: "int8", shape: [4], data: Int8Array.of(4, 2, 3, 127) });
    expect(found.get("y")).toEqual(reals(0.5, -0.5, 0, 62));
  });

  test("a uint8 image enters as int8 with the same reals, and leaves as uint8", () => {
    const graph = parseGraph("in x: uint8[4] scale=0.5 zero=10\nq: int8[4] scale=0.5 zero=-118 = Quantize(x)\nu: uint8[4] scale=1 zero=128 = Quantize(q)\nout q, u");
    const found = interpret(graph, feed({ x: { dtype: "uint8", shape: [4], data: Uint8Array.of(0, 10, 12, 255) } }));
    expect(found.get("q")?.data).toEqual(Int8Array.of(-128, -118, -116, 127));
    expect(found.get("u")?.data).toEqual(Uint8Array.of(123, 128, 129, 251));
  });

  test("on all data: the op computes on stored integers", () => {
    const graph = parseGraph("in x: int8[3] scale=0.5 zero=1\ny: int8[3] scale=0.5 zero=1 = Relu(x)\nout y");
    expect(interpret(graph, feed({ x: { dtype: "int8", shape: [3], data: Int8Array.of(-5, 1, 9) } })).get("y")?.data).toEqual(Int8Array.of(1, 1, 9));
  });

  test("on some data only, or on an op without an int8 form, is refused", () => {
    const some = parseGraph("in x: int8[1] scale=1\nin z: float32[1]\ny: int8[1] scale=1 = Add(x, z)\nout y");
    const none = parseGraph("in x: int8[1] scale=1\ny: int8[1] scale=1 = HardSigmoid(x)\nout y");
    const x: Tensor = { dtype: "int8", shape: [1], data: Int8Array.of(1) };
    expect(mistake(() => interpret(some, feed({ x, z: reals(1) })))).toMatchObject({ code: "OP_QUANT", subject: { node: "y" } });
    expect(mistake(() => interpret(none, feed({ x })))).toMatchObject({ code: "OP_QUANT", subject: { node: "y" } });
  });
});
