import { type Graph, type Tensor, elementCount, interpret, parseGraph, valueOf } from "@edgewise/graph";
import { canonicalize } from "@edgewise/graph/passes";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runModel } from "../../../measure/src/ort/session.ts";
import { quantizeGraph, structuralRanges, toFloat16, weightOnly } from "../../../quantizer/src/index.ts";
import { anyCnn } from "../../../testkit/src/index.ts";
import { readOnnx } from "./read.ts";
import { meaning, numbersOf } from "./testing/model-file.ts";
import { type WriteOnnxOptions, writeOnnx } from "./write.ts";

/** Sums of float32 products, in another order, over seven layers. */
const RELATIVE_TOLERANCE = 1e-4;

function canonical(graph: Graph): Graph {
  const result = canonicalize(graph);
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return result.value;
}

function read(model: Uint8Array, external: Uint8Array | null = null): Graph {
  const result = readOnnx(model, { file: "written.onnx", external: ({ offset, length }) => external?.subarray(offset, offset + (length ?? 0)) ?? null });
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return result.value;
}

function quantized(graph: Graph): Graph {
  const result = quantizeGraph(graph, structuralRanges(graph));
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return result.value;
}

function feedsOf(graph: Graph): ReadonlyMap<string, Tensor> {
  return new Map(graph.inputs.map((id) => {
    const { shape } = valueOf(graph, id);
    const dims = (shape ?? []).map((dim) => typeof dim === "number" ? dim : 1);
    return [id, { dtype: "float32", shape: dims, data: Float32Array.from({ length: elementCount(dims) }, (_, index) => Math.sin(index * 1.7)) }];
  }));
}

function largestDifference(found: Tensor | undefined, expected: Tensor | undefined): number {
  if (found === undefined || expected === undefined) throw new Error("an output is missing");
  expect([found.dtype, found.shape]).toEqual([expected.dtype, expected.shape]);
  const [numbers, wanted] = [numbersOf(found), numbersOf(expected)];
  return Math.max(0, ...wanted.map((value, index) => Math.abs(value - (numbers[index] ?? NaN)))) / Math.max(1, ...wanted.map(Math.abs));
}

describe("writeOnnx", () => {
  it("a graph that is written and read again says the same", () => {
    fc.assert(fc.property(anyCnn, (drawn) => {
      const graph = canonical(drawn);
      expect(meaning(canonical(read(writeOnnx(graph).model)))).toBe(meaning(graph));
    }), { numRuns: 60 });
  });

  it("the rounding of an int8 mean, for which ONNX has no attribute, is left out", () => {
    const graph = parseGraph('graph one\nin x: int8[1, 2, 4, 4] scale=0.5\ny: int8[1, 2, 2, 2] scale=0.5 = AveragePool(x) halves="up" kernel_shape=[2, 2] strides=[2, 2]\nout y\n');
    const pools = read(writeOnnx(graph).model).nodes.filter(({ op }) => op === "AveragePool");
    expect(pools.map(({ attrs }) => "halves" in attrs)).toEqual([false]);
  });

  it("a quantized graph, whose facts went through Q/DQ nodes, computes the same bits, and settles at once", () => {
    fc.assert(fc.property(anyCnn, (drawn) => {
      const graph = canonical(quantized(canonical(drawn)));
      const [once, feeds] = [canonical(read(writeOnnx(graph).model)), feedsOf(graph)];
      expect(once.nodes.map(({ op }) => op)).toEqual(graph.nodes.map(({ op }) => op));
      expect(interpret(once, feeds)).toEqual(interpret(graph, feeds));
      expect(meaning(canonical(read(writeOnnx(once).model)))).toBe(meaning(once));
    }), { numRuns: 60 });
  });

  it("a float graph with int8 weights says the same", () => {
    fc.assert(fc.property(anyCnn, (drawn) => {
      const graph = weightOnly(canonical(drawn));
      expect(meaning(canonical(read(writeOnnx(graph).model)))).toBe(meaning(canonical(graph)));
    }), { numRuns: 30 });
  });

  it.each([13, 18, 21, 26])("the file says the same in operator set %i, with its constants in a second file", (opset) => {
    fc.assert(fc.property(anyCnn, (drawn) => {
      const graph = canonical(drawn);
      const written = writeOnnx(graph, { opset, external: { location: "weights.bin", thresholdBytes: 16 } });
      expect(written.opset).toBe(Math.max(opset, writeOnnx(graph).opset));
      expect(meaning(canonical(read(written.model, written.external)))).toBe(meaning(graph));
    }), { numRuns: 10 });
  });

  it("onnxruntime computes what the interpreter computes", async () => {
    await fc.assert(fc.asyncProperty(anyCnn, fc.constantFrom<WriteOnnxOptions>({}, { opset: 18 }, { opset: 26 }), async (drawn, options) => {
      const graph = canonical(drawn);
      const feeds = feedsOf(graph);
      const [found, expected] = [await runModel(writeOnnx(graph, options).model, feeds), interpret(graph, feeds)];
      for (const id of graph.outputs) expect(largestDifference(found.get(id), expected.get(id))).toBeLessThan(RELATIVE_TOLERANCE);
    }), { numRuns: 40 });
  });

  it("onnxruntime takes int8 graphs, weight-only graphs and half precision", async () => {
    await fc.assert(fc.asyncProperty(anyCnn, async (drawn) => {
      const float = canonical(drawn);
      for (const graph of [quantized(float), weightOnly(float), toFloat16(float)]) {
        const found = await runModel(writeOnnx(graph).model, feedsOf(graph));
        expect([...found.keys()]).toEqual(graph.outputs);
      }
    }), { numRuns: 20 });
  });

  it("onnxruntime keeps zeros around negative numbers before MaxPool", async () => {
    const graph = parseGraph(`graph padded
in x: float32[1, 1, 3, 3]
pads: int64[8] = const [0, 0, 0, 3, 0, 0, 0, 1]
wide = Pad(x, pads)
y = MaxPool(wide) kernel_shape=[1, 2] strides=[1, 1]
out y
`);
    const feeds = new Map([["x", { dtype: "float32", shape: [1, 1, 3, 3], data: Float32Array.from({ length: 9 }, (_, index) => -1 - index) } as const]]);
    const found = (await runModel(writeOnnx(graph).model, feeds)).get("y");
    expect(numbersOf(found).map((value) => value + 0)).toEqual(numbersOf(interpret(graph, feeds).get("y")));
    expect(read(writeOnnx(graph).model).nodes.map(({ op, inputs }) => [op, inputs.length])).toEqual([["Pad", 2], ["MaxPool", 1]]);
  });

  it("the same graph gives the same bytes, in whatever order its metadata stands", () => {
    fc.assert(fc.property(anyCnn, (drawn) => {
      const graph = canonical(drawn);
      const [first, second] = [{ ...graph, metadata: { a: "1", b: "2" } }, { ...graph, values: new Map(graph.values), metadata: { b: "2", a: "1" } }];
      expect(writeOnnx(first).model).toEqual(writeOnnx(second).model);
    }), { numRuns: 5 });
  });
});

describe("operator set", () => {
  const lowest = (text: string): readonly [number, number] => {
    const { opset, irVersion } = writeOnnx(parseGraph(`graph one\nin x: float32[1, 2, 4, 4]\n${text}\nout y\n`));
    return [opset, irVersion];
  };

  it("is the lowest that has the form of every node", () => {
    expect(lowest("y = Relu(x)")).toEqual([13, 7]);
    expect(lowest("y = HardSwish(x)")).toEqual([14, 7]);
    expect(lowest("y = Shape(x) start=1")).toEqual([15, 8]);
    expect(lowest("a: int64[2] = const [2, 3]\ny = ReduceMean(x, a) keepdims=0")).toEqual([13, 7]);
    expect(lowest("y = AveragePool(x) kernel_shape=[2, 2] dilations=[1, 1]")).toEqual([13, 7]);
    expect(lowest("y = AveragePool(x) kernel_shape=[2, 2] dilations=[2, 2]")).toEqual([19, 9]);
    expect(lowest("y, z = Split(x) axis=1 num_outputs=2")).toEqual([13, 7]);
    expect(lowest("y, z, w = Split(x) axis=2 num_outputs=3")).toEqual([18, 8]);
    expect(lowest('y: uint8[1, 2, 4, 4] = Cast(x) to="uint8"')).toEqual([13, 7]);
  });

  it("of a node that needs set 18 gives every other node the form of that set", () => {
    const text = "a: int64[1] = const [3]\nm = ReduceMean(x, a)\ny, z, w = Split(m) axis=2 num_outputs=3";
    const graph = parseGraph(`graph both\nin x: float32[1, 2, 4, 4]\n${text}\nout y\n`);
    const again = read(writeOnnx(graph).model);
    expect(again.nodes.map(({ op, inputs }) => [op, inputs.length])).toEqual([["ReduceMean", 2], ["Split", 1]]);
  });
});
