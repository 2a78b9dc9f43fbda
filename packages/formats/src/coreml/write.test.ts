import { type Graph, interpret, parseGraph } from "@edgewise/graph";
import { canonicalize } from "@edgewise/graph/passes";
import { describe, expect, it } from "vitest";
import type { MilOperation } from "./mil.ts";
import type { WriteCoremlOptions } from "./options.ts";
import { packagePaths } from "./package-files.ts";
import { readCoreml } from "./read.ts";
import { classifier, codes, feedsOf, graphOf, largestDifference, value } from "./testing/sample.ts";
import { type WrittenCoreml, writeCoreml } from "./write.ts";

const labels = ["ash", "birch", "cedar", "elm", "fir"];

function write(graph: Graph, options: WriteCoremlOptions = {}): WrittenCoreml {
  return value(writeCoreml(graph, options));
}

function typesOf({ model }: WrittenCoreml): readonly string[] {
  return model.program.operations.map(({ type }) => type).filter((type) => type !== "const");
}

function operationOf({ model }: WrittenCoreml, type: string): MilOperation {
  const found = model.program.operations.find((operation) => operation.type === type);
  if (found === undefined) throw new Error(`no ${type}`);
  return found;
}

describe("a written package", () => {
  it("is the same bytes each time, and other bytes for another model", () => {
    const [one, two] = [write(classifier), write(classifier)];
    expect(one.files).toEqual(two.files);
    expect(write(classifier, { compute: "float16" }).files).not.toEqual(one.files);
  });

  it("has the model, its weights and a manifest that leads to both", () => {
    const { files } = write(classifier);
    expect(files.map(({ path }) => path)).toEqual([packagePaths.model, packagePaths.weights, packagePaths.manifest]);
    const manifest = JSON.parse(Buffer.from(files[2]?.bytes ?? []).toString("utf8")) as { rootModelIdentifier: string; itemInfoEntries: Record<string, { path: string }> };
    const items = Object.entries(manifest.itemInfoEntries);
    expect(items.map(([, { path }]) => path).sort()).toEqual(["com.apple.CoreML/model.mlmodel", "com.apple.CoreML/weights"]);
    expect(manifest.itemInfoEntries[manifest.rootModelIdentifier]?.path).toBe("com.apple.CoreML/model.mlmodel");
    for (const [id] of items) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it("without large constants has no weight file", () => {
    expect(write(graphOf("graph small\nin x: float32[1, 3]\ny = Relu(x)\nout y\n")).files.map(({ path }) => path)).toEqual([packagePaths.model, packagePaths.manifest]);
  });

  it("has weights at multiples of 64 bytes, each behind its metadata", () => {
    const weights = write(classifier).files.find(({ path }) => path === packagePaths.weights)?.bytes ?? new Uint8Array();
    const view = new DataView(weights.buffer);
    expect([view.getUint32(0, true), view.getUint32(4, true)]).toEqual([2, 2]);
    expect([view.getUint32(64, true), view.getUint32(68, true), view.getBigUint64(72, true), view.getBigUint64(80, true)]).toEqual([0xdeadbeef, 2, 432n, 128n]);
  });

  it("states the version and operation set of its target", () => {
    const found = (["iOS15", "iOS16", "iOS17", "iOS18"] as const).map((target) => {
      const { model } = write(classifier, { target });
      return [model.specificationVersion, model.program.opset];
    });
    expect(found).toEqual([[6, "CoreML5"], [7, "CoreML6"], [8, "CoreML7"], [9, "CoreML8"]]);
  });

  it("read, made canonical and written again is the same bytes", () => {
    const canonical = value(canonicalize(classifier));
    const { files } = write(canonical);
    const read = value(readCoreml(files, { file: "again" }));
    expect(write(value(canonicalize(read.graph))).files).toEqual(files);
  });
});

describe("names", () => {
  it("are identifiers, each given once, and known by the values of the graph", () => {
    const graph = graphOf("graph names\nin \"/in.put:0\": float32[1, 3]\n\"1\" = Relu(\"/in.put:0\")\n\"in_put_0\" = Relu(\"1\")\nout \"in_put_0\"\n");
    const { inputNames, outputNames, model } = write(graph);
    expect([inputNames, outputNames]).toEqual([{ "/in.put:0": "in_put_0" }, { in_put_0: "in_put_0_2" }]);
    const all = model.program.operations.flatMap(({ outputs }) => outputs.map(({ name }) => name));
    expect(new Set(all).size).toBe(all.length);
    expect(all.every((name) => /^[A-Za-z][A-Za-z0-9_]*$/.test(name))).toBe(true);
  });
});

describe("a classifier", () => {
  it("gives a label and probabilities in place of its scores", () => {
    const { model } = write(classifier, { classifier: { output: "scores", labels } });
    expect(model.classifier).toEqual({ label: "classLabel", probabilities: "classLabel_probs" });
    expect(model.outputs.map(({ name, type }) => [name, type.kind])).toEqual([["classLabel", "string"], ["classLabel_probs", "dictionary"]]);
    const read = value(readCoreml(write(classifier, { classifier: { output: "scores", labels } }).files, { file: "c" }));
    expect(read.labels).toEqual(labels);
    expect(read.graph.outputs).toEqual(["scores"]);
  });

  it.each([[[...labels, "oak"]], [labels.slice(1)], [["ash", "ash", "cedar", "elm", "fir"]], [["", "b", "c", "d", "e"]]])("with the labels %j is refused", (wrong) => {
    expect(codes(writeCoreml(classifier, { classifier: { output: "scores", labels: wrong } }))).toEqual(["COREML_LABELS"]);
  });

  it("of a value that is no output is refused", () => {
    expect(codes(writeCoreml(classifier, { classifier: { output: "g", labels } }))).toEqual(["COREML_LABELS"]);
  });
});

describe("a picture", () => {
  const image = { color: "RGB", scale: 1 / 128, bias: [-1, -0.9, -0.8] } as const;

  it("enters through scale and bias of each channel", () => {
    const written = write(classifier, { images: { image } });
    expect(written.model.inputs[0]?.type).toEqual({ kind: "image", width: 8, height: 8, color: "RGB", flexibility: null });
    expect(typesOf(written).slice(0, 2)).toEqual(["mul", "add"]);
    const { graph } = value(readCoreml(written.files, { file: "p" }));
    const pixels = { dtype: "float32", shape: [1, 3, 8, 8], data: Float32Array.from({ length: 192 }, (_, i) => (i * 37) % 256) } as const;
    const entered = { ...pixels, data: pixels.data.map((x, i) => x / 128 + (image.bias[Math.floor(i / 64)] ?? 0)) };
    const difference = largestDifference(interpret(classifier, new Map([["image", entered]])).values(), interpret(graph, new Map([["image", pixels]])).values());
    expect(difference).toBeLessThan(1e-5);
  });

  it("whose scale is 1 and bias 0 enters as it is", () => {
    expect(typesOf(write(classifier, { images: { image: { color: "BGR", scale: 1, bias: 0 } } }))[0]).toBe("conv");
  });

  it("that the graph takes as [N, H, W, C] needs no transpose before one back", () => {
    const graph = graphOf("graph nhwc\nin x: float32[1, 4, 6, 3]\nt = Transpose(x) perm=[0, 3, 1, 2]\ny = GlobalAveragePool(t)\nout y\n");
    const written = write(graph, { images: { x: { color: "RGB", scale: 1, bias: 0 } } });
    expect(typesOf(written)).toEqual(["reduce_mean"]);
    expect(written.model.inputs[0]?.type).toMatchObject({ width: 6, height: 4 });
  });

  it.each([
    ["of one channel where the graph takes three", { color: "GRAYSCALE", scale: 1, bias: 0 }],
    ["with two scales", { color: "RGB", scale: [1, 2], bias: 0 }],
  ] as const)("%s is refused", (_, wrong) => {
    expect(codes(writeCoreml(classifier, { images: { image: wrong } }))).toEqual(["COREML_IMAGE"]);
  });

  it("of an input that does not exist is refused", () => {
    expect(codes(writeCoreml(classifier, { images: { picture: { color: "RGB", scale: 1, bias: 0 } } }))).toEqual(["COREML_IMAGE"]);
  });
});

describe("open dims", () => {
  const open = parseGraph("graph open\nin x: float32[N, 3, H, W]\nw: float32[4, 3, 3, 3] = const seed 1\nc = Conv(x, w) pads=[1, 1, 1, 1] clampMin=0\np = GlobalAveragePool(c)\ny = Flatten(p)\nout y\n");

  it("without shapes are refused", () => {
    expect(codes(writeCoreml(open))).toEqual(["COREML_SHAPES"]);
  });

  it("take the shapes that are stated, and compute for each", () => {
    const shapes = { kind: "enumerated", shapes: [[1, 3, 8, 8], [1, 3, 6, 10]] } as const;
    const written = write(open, { shapes: { x: shapes } });
    expect(written.model.inputs[0]?.type).toMatchObject({ shape: [1, 3, 8, 8], flexibility: shapes });
    const { graph } = value(readCoreml(written.files, { file: "o" }));
    for (const shape of shapes.shapes) {
      const feed = new Map([["x", { dtype: "float32", shape, data: Float32Array.from({ length: 3 * (shape[2] ?? 0) * (shape[3] ?? 0) }, (_, i) => Math.sin(i)) } as const]]);
      expect(largestDifference(interpret(open, feed).values(), interpret(graph, feed).values())).toBe(0);
    }
  });

  it("take ranges", () => {
    const ranges = [{ low: 1, high: 1 }, { low: 3, high: 3 }, { low: 4, high: null }, { low: 4, high: 64 }];
    const { model } = write(open, { shapes: { x: { kind: "range", ranges, shape: [1, 3, 8, 8] } } });
    expect(model.inputs[0]?.type).toMatchObject({ flexibility: { kind: "range", ranges } });
    const image = write(open, { shapes: { x: { kind: "range", ranges, shape: [1, 3, 8, 8] } }, images: { x: { color: "RGB", scale: 1, bias: 0 } } });
    expect(image.model.inputs[0]?.type).toMatchObject({ kind: "image", flexibility: { kind: "range", ranges: ranges.slice(2) } });
  });

  it("run through windows that change sizes, and are numbers again where they no longer vary", () => {
    const strided = parseGraph("graph strided\nin x: float32[1, 3, H, W]\nw: float32[4, 3, 3, 3] = const seed 1\nc = Conv(x, w) strides=[2, 2] pads=[1, 1, 1, 1]\np = GlobalAveragePool(c)\ny = Flatten(p)\nout y\nout c\n");
    const shapes = { kind: "enumerated", shapes: [[1, 3, 8, 8], [1, 3, 6, 10]] } as const;
    const written = write(strided, { shapes: { x: shapes } });
    expect(operationOf(written, "conv").outputs[0]?.type).toMatchObject({ shape: [1, 4, null, null] });
    expect(written.model.outputs.map(({ type }) => type)).toMatchObject([{ shape: [1, 4] }, { shape: [] }]);
    expect(value(readCoreml(written.files, { file: "s" })).graph.outputs).toEqual(["y", "c"]);
  });

  it.each([[[1, 4, 8, 8]], [[1, 3, 8]], [[1, 3, 0, 8]]])("do not take %j", (shape) => {
    expect(codes(writeCoreml(open, { shapes: { x: { kind: "enumerated", shapes: [shape] } } }))).toEqual(["COREML_SHAPES"]);
  });
});

describe("float16", () => {
  it("constants are rounded to nearest, ties to even, and held within its range", () => {
    const graph = graphOf("graph halves\nin x: float32[1, 5]\nr: float32[5] = const [1.00048828125, 1.00146484375, 1.0004, -100000, 0.00000007]\ny = Add(x, r)\nout y\n");
    const { operations } = write(graph, { compute: "float16" }).model.program;
    const constant = operations.find(({ name }) => name === "r")?.attributes["val"];
    expect(constant?.kind === "numbers" && [...new Uint16Array(constant.bytes.slice().buffer)]).toEqual([0x3c00, 0x3c02, 0x3c00, 0xfbff, 0x0001]);
  });

  it("is computed between casts of float32 inputs and outputs", () => {
    const written = write(classifier, { compute: "float16" });
    expect([typesOf(written)[0], typesOf(written).at(-1)]).toEqual(["cast", "cast"]);
    expect([...written.model.inputs, ...written.model.outputs].map(({ type }) => type)).toMatchObject([{ dtype: "float32" }, { dtype: "float32" }]);
  });

  it("graphs are the same program as float32 graphs that are computed in float16", () => {
    const halves = value(canonicalize(parseGraph("graph small\nin x: float32[1, 3]\nh: float16[1, 3] = Cast(x) to=\"float16\"\na: float16[1, 3] = Sigmoid(h)\ny: float32[1, 3] = Cast(a) to=\"float32\"\nout y\n")));
    expect(typesOf(write(halves, { compute: "float16" }))).toEqual(["cast", "sigmoid", "cast"]);
    expect(typesOf(write(halves))).toEqual(["cast", "sigmoid", "cast"]);
  });

  it("features need iOS 16", () => {
    const graph = graphOf("graph half\nin x: float16[1, 3]\ny = Relu(x)\nout y\n");
    expect(write(graph, { target: "iOS16" }).model.inputs[0]?.type).toMatchObject({ dtype: "float16" });
    expect(codes(writeCoreml(graph, { target: "iOS15" }))).toEqual(["COREML_INPUT"]);
  });
});

describe("compressed weights", () => {
  const int8 = graphOf("graph int8\nin x: float32[1, 6]\nw: int8[12, 6] scale=[0.5, 0.25, 0.125, 1, 2, 0.5, 0.25, 0.125, 1, 2, 0.0625, 4] axis=0 = const seed 3\ny = Gemm(x, w) transB=1\nout y\n");

  it.each([["iOS16", "constexpr_affine_dequantize"], ["iOS17", "constexpr_affine_dequantize"], ["iOS18", "constexpr_blockwise_shift_scale"]] as const)("in int8 stay int8 at %s, and stand for the same reals", (target, type) => {
    const written = write(int8, { target });
    expect(typesOf(written)).toEqual([type, "linear"]);
    const read = value(canonicalize(value(readCoreml(written.files, { file: "i" })).graph));
    const weight = [...read.values.values()].find(({ dtype }) => dtype === "int8");
    expect(weight).toMatchObject({ quant: int8.values.get("w")?.quant, constant: int8.values.get("w")?.constant });
    expect(largestDifference(interpret(int8, feedsOf(int8)).values(), interpret(read, feedsOf(int8)).values())).toBe(0);
  });

  it("in int8 are dequantized where the target has no such operation", () => {
    const written = write(int8, { target: "iOS15" });
    expect(typesOf(written)).toEqual(["linear"]);
    expect(largestDifference(interpret(int8, feedsOf(int8)).values(), interpret(value(readCoreml(written.files, { file: "i" })).graph, feedsOf(int8)).values())).toBe(0);
  });

  const few = graphOf(`graph few\nin x: float32[1, 9]\nw: float32[12, 9] = const [${Array.from({ length: 108 }, (_, i) => ((i * 7) % 16) / 8 - 1).join(", ")}]\ny = Gemm(x, w) transB=1\nout y\n`);

  it.each(["iOS16", "iOS18"] as const)("of 16 numbers become 4-bit indices at %s, without loss", (target) => {
    const [palette, dense] = [write(few, { target, palettes: true }), write(few, { target })];
    expect(operationOf(palette, "constexpr_lut_to_dense").outputs[0]?.type).toMatchObject({ dtype: "fp32", shape: [12, 9] });
    expect(palette.files[1]?.bytes.length).toBeLessThan((dense.files[1]?.bytes.length ?? 0) - 200);
    const read = value(readCoreml(palette.files, { file: "p" })).graph;
    expect(largestDifference(interpret(few, feedsOf(few)).values(), interpret(read, feedsOf(few)).values())).toBe(0);
  });

  it("of more than 16 numbers stay dense", () => {
    expect(typesOf(write(classifier, { target: "iOS16", palettes: true }))).not.toContain("constexpr_lut_to_dense");
  });

  it("whose scales float16 does not hold are reported", () => {
    const small = graphOf("graph small\nin x: float32[1, 6]\nw: int8[12, 6] scale=0.0000007 zero=0 = const seed 3\ny = Gemm(x, w) transB=1\nout y\n");
    const result = writeCoreml(small, { target: "iOS16", compute: "float16" });
    expect(result.ok && result.warnings.map(({ code }) => code)).toEqual(["COREML_SCALE_ROUNDED"]);
  });
});

describe("quantized activations", () => {
  const w8a8 = graphOf("graph w8a8\nin x: float32[1, 6]\nq: int8[1, 6] scale=0.02 zero=0 = Quantize(x)\nw: int8[12, 6] scale=0.01 zero=0 = const seed 3\nb: int32[12] scale=0.0002 zero=0 = const seed 4\ng: int8[1, 12] scale=0.05 zero=0 = Gemm(q, w, b) transB=1 clampMin=0\ny: float32[1, 12] = Dequantize(g)\nout y\n");

  it("are pairs of quantize and dequantize around float operations", () => {
    expect(typesOf(write(w8a8, { target: "iOS17" }))).toEqual(["quantize", "dequantize", "constexpr_affine_dequantize", "linear", "relu", "quantize", "dequantize"]);
  });

  it("come back as the same facts and compute the same integers", () => {
    const { files } = write(w8a8, { target: "iOS17" });
    const read = value(canonicalize(value(readCoreml(files, { file: "q" })).graph));
    expect(read.nodes.map(({ op }) => op)).toEqual(["Quantize", "Gemm", "Dequantize"]);
    expect(largestDifference(interpret(w8a8, feedsOf(w8a8)).values(), interpret(read, feedsOf(w8a8)).values())).toBe(0);
  });

  it("need iOS 17", () => {
    expect(codes(writeCoreml(w8a8, { target: "iOS16" }))).toEqual(["COREML_TARGET", "COREML_TARGET"]);
  });
});

describe("what MIL cannot say", () => {
  it("is reported by node, all of it at once", () => {
    const graph = graphOf("graph no\nin x: float32[1, 2, 9, 9]\na = MaxPool(x) kernel_shape=[2, 2] dilations=[2, 2]\np: int64[8] = const [0, 0, -1, 0, 0, 0, 0, 0]\ny = Pad(a, p)\nout y\n");
    const result = writeCoreml(graph);
    expect(result.ok || result.errors).toMatchObject([{ code: "COREML_UNSUPPORTED", subject: { op: "MaxPool" } }, { code: "COREML_UNSUPPORTED", subject: { op: "Pad" } }]);
  });

  it("in more than five dims is reported", () => {
    expect(codes(writeCoreml(graphOf("graph no\nin x: float32[1, 2, 2, 2, 2]\ns: int64[6] = const [1, 2, 2, 2, 2, 1]\na = Reshape(x, s)\no: int64[1] = const [5]\ny = Squeeze(a, o)\nout y\n")))).toEqual(["COREML_UNSUPPORTED"]);
  });

  it("of an input that nothing reads is an operation that does", () => {
    const { model } = write(graphOf("graph unread\nin x: float32[1, 2]\nin z: float32[1, 2]\ny = Relu(x)\nout y\n"));
    expect(model.program.operations.some(({ inputs }) => inputs["x"]?.includes("z"))).toBe(true);
  });

  it("at the border is reported by value", () => {
    expect(codes(writeCoreml(graphOf("graph no\nin x: uint8[1, 2]\ny = Cast(x) to=\"float32\"\nout y\n")))).toEqual(["COREML_INPUT"]);
    expect(codes(writeCoreml(graphOf("graph no\nin x: float32[1, 2]\ny = Cast(x) to=\"uint8\"\nout y\n")))).toEqual(["COREML_OUTPUT"]);
  });
});
