import type { EmitInput, GoldenVector } from "@edgewise/adapter";
import { type Graph, type Result, type Tensor, elementCount, interpret, parseGraph, valueOf } from "@edgewise/graph";
import { encodeTensor } from "@edgewise/graph/ops";
import { canonicalize } from "@edgewise/graph/passes";
import type { Device, ImageInput, TaskContract } from "@edgewise/planner/schema";
import { imageToTensor, rowToTensor } from "@edgewise/preprocess";
import { type Ranges, palettize, structuralRanges, symmetricActivations, toFloat16, weightOnly } from "@edgewise/quantizer";
import { assess } from "../assess.ts";
import type { CoremlPrecision } from "../runtime.ts";

/** Whole numbers below `limit` from a seed: xorshift32, Marsaglia 2003, doi.org/10.18637/jss.v008.i14 */
export function randomNumbers(seed: number): (limit: number) => number {
  let state = (seed ^ 0x9e3779b9) | 1;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
}

export function valueOrThrow<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.errors, null, 1));
  return result.value;
}

/** A picture of 8 x 6 pixels in one channel → four classes. */
export const smallText = `graph small
in x: float32[1, 1, 6, 8]
w: float32[8, 1, 3, 3] = const seed 1
b: float32[8] = const seed 2
y = Conv(x, w, b) kernel_shape=[3, 3] pads=[1, 1, 1, 1]
a = Relu(y)
p = GlobalAveragePool(a)
f = Flatten(p)
k: float32[8, 4] = const seed 3
z = MatMul(f, k)
out z
`;

/** The same in colour, each pixel's channels together. */
export const colourText = smallText.replace("float32[1, 1, 6, 8]", "float32[1, 6, 8, 3]").replace("float32[8, 1, 3, 3]", "float32[8, 3, 3, 3]")
  .replace("y = Conv(x", "t = Transpose(x) perm=[0, 3, 1, 2]\ny = Conv(t");

export function graphOf(text: string): Graph {
  return valueOrThrow(canonicalize(parseGraph(text)));
}

/** Ranges of odd widths and positions, so that scales differ everywhere. */
export function randomRanges(graph: Graph, seed: number): Ranges {
  const next = randomNumbers(seed);
  return Object.fromEntries(Object.keys(structuralRanges(graph)).map((id) => {
    const low = -next(1000) / 500;
    return [id, [Math.fround(low), Math.fround(low + (1 + next(1000)) / 300)] as const];
  }));
}

export function inPrecision(graph: Graph, precision: CoremlPrecision, ranges: Ranges = randomRanges(graph, 1)): Graph {
  switch (precision) {
    case "float32": return graph;
    case "float16": return toFloat16(graph);
    case "int8-weights": return weightOnly(graph);
    case "int4-palette": return palettize(graph);
    case "int8-symmetric": return valueOrThrow(symmetricActivations(graph, ranges));
    default: return precision satisfies never;
  }
}

export const device: Device = {
  id: "phone", name: "Phone", class: "phone", chip: "none", memory: [], activeWatts: null, usdPerHour: null, runtimes: {},
  units: (["cpu", "gpu", "npu"] as const).map((kind) => ({
    id: kind, kind, isa: kind === "cpu" ? "armv8.2-a" : "", clockHz: null, cores: 1, macsPerSecond: {}, bytesPerSecond: null, layerOverheadMs: null, callOverheadMs: null,
    spread: { value: 2, basis: "assumed" as const, ref: "test", date: "2026-01-01" },
  })),
};

export const tensorContract: TaskContract = { input: { kind: "tensor", scale: [1], offset: [0] }, output: { kind: "tensor" } };

export const grayInput: ImageInput = { kind: "image", color: "gray", resize: { filter: "area", fit: "stretch", crop: null, pad: 0 }, scale: [1 / 255], offset: [-0.5], layout: "nchw" };

export const classesContract: TaskContract = { input: grayInput, output: { kind: "labels", labels: ["zero", "one", "two", "three"], labelOffset: 0, softmax: true, topK: 2 } };

/** Colours of three scales, in the order blue, green, red, each pixel's together. */
export const colourContract: TaskContract = {
  input: { ...grayInput, color: "bgr", layout: "nhwc", scale: [1 / 255, 1 / 128, 0.01], offset: [-0.5, 0, 0.25], resize: { filter: "bilinear", fit: "contain", crop: null, pad: 114 } },
  output: { kind: "labels", labels: ["a \"quoted\" one", "back\\slash", "\\(interpolated)", "déjà"], labelOffset: 0, softmax: false, topK: 4 },
};

export interface EmitCase {
  /** Canonical float graph. */
  readonly graph: Graph;
  readonly precision: CoremlPrecision;
  readonly contract: TaskContract;
  /** Raw inputs: picture files, or float32 rows. */
  readonly raw: readonly Uint8Array[];
  readonly backend?: string;
  readonly target?: string;
  /** The graph as it is emitted; left out, `graph` in `precision` with random ranges. */
  readonly emitted?: Graph;
}

/** What emission needs, with answers of the reference interpreter. */
export function emitInput({ graph, precision, contract, raw, backend = "cpu", target = "meter-reading", emitted = inPrecision(graph, precision) }: EmitCase): EmitInput {
  const facts = assess({ graph, model: "0".repeat(64), precision, resolution: null, device, backend, contract });
  return {
    graph: emitted, facts, device, contract, licence: "Apache-2.0", plan: "1".repeat(64),
    costs: { latency: { low: 0.5, expected: 1, high: 2, basis: "modelled" }, accuracy: { low: 0.96, expected: 0.98, high: 0.99, basis: "measured" } },
    golden: raw.map((bytes, index) => goldenVector(emitted, contract, { name: `vector${index}`, bytes })),
    candidate: {
      id: "2".repeat(64), target, device: device.id, placement: "device", model: "0".repeat(64), file: "models/small.onnx", family: "small", variant: "",
      resolution: null, precision, runtime: "coreml", runtimeVersion: "1", backend,
    },
  };
}

function goldenVector(graph: Graph, { input }: TaskContract, { name, bytes }: { readonly name: string; readonly bytes: Uint8Array }): GoldenVector {
  const [from = "", to = ""] = [graph.inputs[0], graph.outputs[0]];
  const shape = (valueOf(graph, from).shape ?? []).map(Number);
  const tensor = input.kind === "image" ? pictureTensor(bytes, input, shape) : valueOrThrow(rowToTensor(new Float32Array(bytes.slice().buffer), { contract: input, shape, file: name }));
  const output = interpret(graph, new Map([[from, tensor]])).get(to);
  if (output === undefined) throw new Error(`${to} was not computed`);
  return { name, raw: { kind: input.kind, bytes }, input: encodeTensor(tensor), output: encodeTensor(output) };
}

export function pictureTensor(bytes: Uint8Array, contract: ImageInput, shape: readonly number[]): Tensor {
  const [heightPx = 0, widthPx = 0] = contract.layout === "nchw" ? shape.slice(2) : shape.slice(1, 3);
  return valueOrThrow(imageToTensor(bytes, { contract, resolution: { heightPx, widthPx }, file: "picture" }));
}

/** float32 rows for the graph's input, over [-2, 2]. */
export function randomRows(graph: Graph, seed: number, count: number): readonly Uint8Array[] {
  const next = randomNumbers(seed);
  const elements = elementCount((valueOf(graph, graph.inputs[0] ?? "").shape ?? []).map(Number));
  return Array.from({ length: count }, () => new Uint8Array(Float32Array.from({ length: elements }, () => next(4001) / 1000 - 2).buffer));
}
