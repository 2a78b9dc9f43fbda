import type { EmitInput, GoldenVector } from "@edgewise/adapter";
import { type Graph, type Result, type Tensor, elementCount, interpret, valueOf } from "@edgewise/graph";
import { canonicalize } from "@edgewise/graph/passes";
import type { Device, TaskContract } from "@edgewise/planner/schema";
import { type Ranges, quantizeGraph, structuralRanges } from "@edgewise/quantizer";
import { randomCnn, randomInt8Cnn } from "@edgewise/testkit";
import { assess } from "../assess.ts";
import type { KernelSet } from "../isa/specialize.ts";

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

/**
 * Ranges of odd widths and positions, so that zero points and scales differ everywhere. Every third seed starts all ranges at
 * 0, as behind rectifiers: the zero point is -128 and saturation does the clamp, which faster epilogues rest on.
 */
export function randomRanges(graph: Graph, seed: number): Ranges {
  const next = randomNumbers(seed);
  const rectified = seed % 3 === 0;
  return Object.fromEntries(Object.keys(structuralRanges(graph)).map((id) => {
    const low = rectified ? 0 : -next(1000) / 250;
    return [id, [Math.fround(low), Math.fround(low + (1 + next(1000)) / 150)] as const];
  }));
}

/** A small random CNN in canonical float form. */
export function randomFloatGraph(seed: number): Graph {
  return valueOrThrow(canonicalize(randomCnn(seed)));
}

/** Random feeds over the whole int8 range of the input, and what the interpreter answers: raw little-endian bytes. */
export function goldenVectors(graph: Graph, seed: number, count: number): readonly GoldenVector[] {
  const next = randomNumbers(seed);
  const input = graph.inputs[0] ?? "";
  const output = graph.outputs[0] ?? "";
  const shape = (valueOf(graph, input).shape ?? []).map(Number);
  return Array.from({ length: count }, (_, i) => {
    const feed = randomTensor(graph, input, { shape, next });
    const answer = interpret(graph, new Map([[input, feed]])).get(output);
    if (answer === undefined) throw new Error(`${output} was not computed`);
    return { name: `random-${i}`, raw: { kind: "tensor" as const, bytes: bytesOf(feed) }, input: bytesOf(feed), output: bytesOf(answer) };
  });
}

function randomTensor(graph: Graph, input: string, { shape, next }: { readonly shape: readonly number[]; readonly next: (limit: number) => number }): Tensor {
  const elements = elementCount(shape);
  if (valueOf(graph, input).dtype === "int8") return { dtype: "int8", shape, data: Int8Array.from({ length: elements }, () => next(256) - 128) };
  return { dtype: "float32", shape, data: Float32Array.from({ length: elements }, () => next(8001) / 1000 - 4) };
}

function bytesOf({ data }: Tensor): Uint8Array {
  return new Uint8Array(data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength));
}

export const tensorContract: TaskContract = { input: { kind: "tensor", scale: [1], offset: [0] }, output: { kind: "tensor" } };

export function deviceWith(isa: string): Device {
  const spread = { value: 2, basis: "assumed" as const, ref: "test", date: "2026-01-01" };
  return {
    id: "board", name: "Board", class: "microcontroller", chip: "none",
    units: [{ id: "cpu", kind: "cpu", isa, clockHz: null, cores: 1, macsPerSecond: {}, bytesPerSecond: null, layerOverheadMs: null, callOverheadMs: null, spread }],
    memory: [], activeWatts: null, usdPerHour: null, runtimes: {},
  };
}

export interface EmitCase {
  /** Canonical float graph: what `assess` sees. */
  readonly graph: Graph;
  readonly quantized: Graph;
  readonly golden: readonly GoldenVector[];
  readonly isa?: string;
  readonly backend?: KernelSet;
  readonly contract?: TaskContract;
}

/** What emission needs, with the facts that `assess` gives before calibration. */
export function emitInput({ graph, quantized, golden, isa = "armv7e-m", backend = "portable", contract = tensorContract }: EmitCase): EmitInput {
  const device = deviceWith(isa);
  const facts = assess({ graph, model: "0".repeat(64), precision: "int8", resolution: null, device, backend, contract });
  return {
    graph: quantized, facts, device, contract, licence: null, plan: "1".repeat(64), costs: {}, golden,
    candidate: {
      id: "2".repeat(64), target: "net", device: device.id, placement: "device", model: "0".repeat(64), file: "net.onnx", family: "net", variant: "",
      resolution: null, precision: "int8", runtime: "edgewise-c", runtimeVersion: "1", backend,
    },
  };
}

export interface RandomCase {
  readonly vectors: number;
  readonly isa: string;
  readonly backend: KernelSet;
}

/** A random network, ready to emit: with even seeds a float one that is quantized, with odd seeds one that comes as int8. */
export function randomEmitInput(seed: number, { vectors = 3, isa = "armv7e-m", backend = "portable" }: Partial<RandomCase> = {}): EmitInput {
  if (seed % 2 === 1) {
    const graph = valueOrThrow(canonicalize(randomInt8Cnn(seed)));
    return emitInput({ graph, quantized: graph, golden: goldenVectors(graph, seed, vectors), isa, backend });
  }
  const graph = randomFloatGraph(seed);
  const quantized = valueOrThrow(quantizeGraph(graph, randomRanges(graph, seed)));
  return emitInput({ graph, quantized, golden: goldenVectors(quantized, seed, vectors), isa, backend });
}
