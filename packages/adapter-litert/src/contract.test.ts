import type { LoweredTflite, TfliteProgram } from "@edgewise/formats/tflite";
import { type Graph, type Tensor, type Result, elementCount, interpret, parseGraph, propagateShapes, valueOf } from "@edgewise/graph";
import { decodeConstant } from "@edgewise/graph/ops";
import { canonicalize } from "@edgewise/graph/passes";
import { type LitertRuntime, loadLitert, openLitert } from "@edgewise/measure";
import type { Precision } from "@edgewise/planner/schema";
import { type Sample, calibrate, interpreterRunner, quantizeGraph, quantizeInt16x8, structuralRanges, toFloat16, weightOnly } from "@edgewise/quantizer";
import { beforeAll, describe, expect, test } from "vitest";
import { randomNumbers, valueOrThrow } from "../../adapter-onnx/src/testing/emit-case.ts";
import { int8Graphs } from "../../adapter-onnx/src/testing/int8-graphs.ts";
import { asUint8, fitsUint8 } from "../../formats/src/tflite/lower/uint8.ts";
import { gpu } from "./delegates/gpu.ts";
import { firstData } from "./delegates/judge.ts";
import { nnapi } from "./delegates/nnapi.ts";
import { mediatek, qualcomm } from "./delegates/npu.ts";
import { operandOf } from "./delegates/operands.ts";
import type { Form } from "./delegates/rules.ts";
import { xnnpack } from "./delegates/xnnpack.ts";
import { programBytes } from "./encode.ts";
import { lowerForLitert } from "./lower.ts";
import { floatGraphs } from "./testing/float-graphs.ts";

const RUNS = 4;
const ABSOLUTE = 1e-5;
const RELATIVE = 1e-4;

let runtime: LitertRuntime;
beforeAll(async () => { runtime = await loadLitert(); });

function feedsOf(graph: Graph, seed: number): Sample {
  const next = randomNumbers(seed);
  return new Map(graph.inputs.map((id, i): readonly [string, Tensor] => {
    const { dtype } = valueOf(graph, id);
    const shape = (valueOf(graph, id).shape ?? []).map(Number);
    const elements = elementCount(shape);
    if (dtype === "int32") return [id, { dtype, shape, data: Int32Array.from({ length: elements }, () => next(200) - 100) }];
    if (dtype === "int16") return [id, { dtype, shape, data: Int16Array.from({ length: elements }, () => next(65535) - 32767) }];
    if (dtype === "int8") return [id, { dtype, shape, data: Int8Array.from({ length: elements }, () => next(256) - 128) }];
    return [id, { dtype: "float32", shape, data: Float32Array.from({ length: elements }, () => (next(8001) / 1000 - 3.7) / (i + 1)) }];
  }));
}

function graphOf(text: string): Graph {
  const graph = valueOrThrow(propagateShapes(parseGraph(`graph op\n${text}\nout y\n`)));
  const canonical: Result<Graph> = canonicalize(graph);
  return canonical.ok ? canonical.value : graph;
}

/** Answers of the emitted file, by LiteRT, for the graph's own inputs. */
async function answersOf(graph: Graph, precision: Precision, feeds: Sample): Promise<Tensor> {
  return runLowered(graph, valueOrThrow(lowerForLitert(graph, precision)), feeds);
}

async function runLowered(graph: Graph, lowered: LoweredTflite, feeds: Sample): Promise<Tensor> {
  const model = await openLitert(programBytes(lowered.program), runtime);
  const order = model.inputs.map(({ name }) => lowered.program.inputs.findIndex((index) => lowered.program.tensors[index]?.name === name));
  const given = order.map((position) => {
    const id = graph.inputs[position] ?? "";
    const tensor = feeds.get(id);
    if (tensor === undefined) throw new Error(`no ${id}`);
    return lowered.inputs[position]?.layout === "nhwc" ? channelsLast(tensor) : tensor;
  });
  const [answer] = await model.run(given);
  model.close();
  if (answer === undefined) throw new Error("no answer");
  return lowered.outputs[0]?.layout === "nhwc" ? channelsFirst(answer) : answer;
}

/** The op with int8 borders, its scales from real data, so that outputs fill the range. */
async function quantized(text: string, seed: number): Promise<Graph> {
  const graph = graphOf(text);
  const samples = [1, 2, 3].map((offset) => feedsOf(graph, 100 * seed + offset));
  const { ranges } = valueOrThrow(await calibrate({ graph, samples, runner: interpreterRunner(), method: "min-max" }));
  return valueOrThrow(quantizeGraph(graph, ranges, { borders: "int8" }));
}

const floats = { ...int8Graphs, ...floatGraphs };
/** Ops with an int8 form, with those of the float graphs that have one. */
const integers = { ...int8Graphs, ...Object.fromEntries(Object.entries(floatGraphs).filter(([name]) => /^(Split|Slice|Clip)/.test(name))) };

test.each(Object.entries(floats))("%s in float32: LiteRT computes what the interpreter does", async (_, text) => {
  const graph = graphOf(text);
  for (let seed = 1; seed <= RUNS; seed++) {
    const feeds = feedsOf(graph, seed);
    expectClose(await answersOf(graph, "float32", feeds), interpret(graph, feeds).get("y"), ABSOLUTE);
  }
});

/** The same int8 graph with weights of one scale and, but for ConvTranspose, a zero point, which int8 kernels do not take. */
function withShiftedWeights(graph: Graph): Graph {
  const node = graph.nodes.find(({ op }) => ["Conv", "ConvTranspose", "Gemm", "MatMul"].includes(op));
  const [x, w, b = null] = node?.inputs ?? [];
  const weights = graph.values.get(w ?? "");
  if (!weights?.quant || !weights.constant) return graph;
  const scale = [Math.max(...weights.quant.scale)];
  const values = new Map(graph.values).set(weights.id, { ...weights, quant: { ...weights.quant, scale, zeroPoint: [node?.op === "ConvTranspose" ? 0 : 3], axis: null } });
  const bias = graph.values.get(b ?? "");
  const inputScale = graph.values.get(x ?? "")?.quant?.scale[0] ?? 1;
  if (bias?.quant) values.set(bias.id, { ...bias, quant: { ...bias.quant, scale: [Math.fround(inputScale * scale[0]!)], zeroPoint: [0], axis: null } });
  return { ...graph, values };
}

/** An int8 graph as a uint8 program between int8 borders; null where int8 scales are one a channel. */
function inUint8(graph: Graph): LoweredTflite | null {
  const lowered = valueOrThrow(lowerForLitert(graph, "int8"));
  if (lowered.program.tensors.some(({ type }) => type === "UINT8")) return lowered;
  return fitsUint8(lowered.program) ? { ...lowered, ...asUint8(lowered) } : null;
}

async function expectSteps(graph: Graph, lowered: LoweredTflite, seed: number): Promise<void> {
  const feeds = feedsOf(graph, 1000 + seed);
  const [found, expected] = [await runLowered(graph, lowered, feeds), interpret(graph, feeds).get("y")!];
  expect(found).toMatchObject({ dtype: "int8", shape: expected.shape });
  expect(new Set(Array.from(expected.data, Number)).size, "outputs that say something").toBeGreaterThan(2);
  const steps = Array.from(expected.data, (value: number | bigint, i: number) => Math.abs(Number(value) - Number(found.data[i])));
  expect(Math.max(...steps)).toBeLessThanOrEqual(1);
}

test.each(Object.entries(integers))("%s in int8, and in uint8 where it has one scale: LiteRT is at most one step away", async (_, text) => {
  for (let seed = 1; seed <= RUNS; seed++) {
    const graph = await quantized(text, seed);
    await expectSteps(graph, valueOrThrow(lowerForLitert(graph, "int8")), seed);
    const shifted = withShiftedWeights(graph);
    const lowered = inUint8(shifted);
    if (lowered !== null) await expectSteps(shifted, lowered, seed);
  }
});

/** Ops without an int16 form: their networks are refused in int16x8. */
const without16: readonly string[] = ["Elu", "PRelu", "HardSwish"];

test.each(Object.entries(integers))("%s with int16 activations: LiteRT is at most one step away, or it is refused", async (name, text) => {
  for (let seed = 1; seed <= RUNS; seed++) {
    const stored = await quantized16(text, seed);
    if (without16.includes(name)) {
      expect(stored.ok).toBe(false);
      return;
    }
    const graph = valueOrThrow(stored);
    const feeds = feedsOf(graph, 1000 + seed);
    const [found, expected] = [await answersOf(graph, "int16x8", feeds), interpret(graph, feeds).get("y")!];
    expect(found).toMatchObject({ dtype: "int16", shape: expected.shape });
    const steps = Array.from(expected.data, (value: number | bigint, i: number) => Math.abs(Number(value) - Number(found.data[i])));
    expect(Math.max(...steps)).toBeLessThanOrEqual(1);
  }
});

async function quantized16(text: string, seed: number): Promise<Result<Graph>> {
  const graph = graphOf(text);
  const samples = [1, 2, 3].map((offset) => feedsOf(graph, 100 * seed + offset));
  const { ranges } = valueOrThrow(await calibrate({ graph, samples, runner: interpreterRunner(), method: "min-max" }));
  return quantizeInt16x8(graph, ranges, { borders: "int16" });
}

/** Graphs whose weights are stored in fewer bits. */
const weighted = Object.entries(int8Graphs).filter(([name]) => /^(Conv|Gemm|MatMul)/.test(name));

test.each(weighted)("%s with weights of 16 and 8 bits, unpacked: LiteRT computes what the interpreter does", async (_, text) => {
  for (const [precision, convert] of [["float16", toFloat16], ["int8-weights", weightOnly]] as const) {
    const stored = convert(graphOf(text));
    const feeds = feedsOf(stored, 7);
    // The interpreter rounds each float16 value; the emitted file computes in float32 on rounded weights.
    expectClose(await answersOf(stored, precision, feeds), interpret(stored, feeds).get("y"), precision === "float16" ? HALF_STEPS * 2 ** -11 * largest(interpret(stored, feeds).get("y")!) : ABSOLUTE);
  }
});

/** Roundings to 11 bits between an input and an answer of these graphs: input, sum, bias, output. */
const HALF_STEPS = 4;

function largest({ data }: Tensor): number {
  return Math.max(...Array.from(data, (value: number | bigint) => Math.abs(Number(value))));
}

test.each(weighted)("%s with weights of 8 bits, read as they are: activations are rounded to 8 bits, and no more differs", async (_, text) => {
  const stored = weightOnly(graphOf(text));
  const feeds = feedsOf(stored, 7);
  const step = largest(feeds.get("x")!) / 127;
  expectClose(await answersOf(stored, "int8-dynamic", feeds), interpret(stored, feeds).get("y"), step * largestRow(stored));
});

/** The largest sum of absolute weights that one answer is made of, with the weights of every channel in it: no less than any row's. */
function largestRow(graph: Graph): number {
  const real = graphWeights(graph);
  return Math.max(...real.map((row) => row.reduce((sum, weight) => sum + Math.abs(weight), 0)));
}

/** Weights by output channel, in real numbers. */
function graphWeights(graph: Graph): readonly (readonly number[])[] {
  const node = graph.nodes.find(({ op }) => ["Conv", "ConvTranspose", "Gemm", "MatMul"].includes(op))!;
  const value = valueOf(graph, node.inputs[1] ?? "");
  const shape = (value.shape ?? []).map(Number);
  const { quant } = value;
  const axis = quant?.axis ?? 0;
  const data = Array.from(decodeConstant(value).data, Number);
  const inner = shape.slice(axis + 1).reduce((product, dim) => product * dim, 1);
  const rows: number[][] = Array.from({ length: shape[axis] ?? 1 }, () => []);
  data.forEach((stored, i) => {
    const channel = Math.floor(i / inner) % (shape[axis] ?? 1);
    rows[channel]?.push(stored * (quant?.scale[channel] ?? quant?.scale[0] ?? 1));
  });
  return rows;
}

describe("claims", () => {
  const textOf = (op: string, { input, weights, output }: Form): string => `${op} ${input}${weights === undefined ? "" : ` ${weights}`} ${output}`;

  /** Operators with their types, as the graphs above become. */
  async function emitted(): Promise<ReadonlySet<string>> {
    const graphs: (readonly [Graph, Precision])[] = Object.values(floats).map((text) => [graphOf(text), "float32"] as const);
    const programs: TfliteProgram[] = [];
    for (const text of Object.values(integers)) {
      const stored = await quantized(text, 1);
      graphs.push([stored, "int8"]);
      const unsigned = inUint8(withShiftedWeights(stored));
      if (unsigned !== null) programs.push(unsigned.program);
      graphs.push([valueOrThrow(quantizeGraph(graphOf(text), structuralRanges(graphOf(text)))), "int8"]);
      for (const wide of [await quantized16(text, 1), quantizeInt16x8(graphOf(text), structuralRanges(graphOf(text)))]) if (wide.ok) graphs.push([wide.value, "int16x8"]);
    }
    for (const [, text] of weighted) graphs.push([toFloat16(graphOf(text)), "float16"], [weightOnly(graphOf(text)), "int8-weights"], [weightOnly(graphOf(text)), "int8-dynamic"]);
    programs.push(...graphs.map(([graph, precision]) => valueOrThrow(lowerForLitert(graph, precision)).program));
    return new Set(programs.flatMap((program) => {
      return program.operators.flatMap((operator) => {
        const first = operandOf(program, operator, firstData(operator));
        const second = operandOf(program, operator, 1);
        const output = program.tensors[operator.outputs[0] ?? -1];
        if (first === null || output === undefined) return [];
        const form = { input: first.type, output: output.type };
        return [textOf(operator.op, form), ...(second === null ? [] : [textOf(operator.op, { ...form, weights: second.type })])];
      });
    }));
  }

  let known: ReadonlySet<string> = new Set();
  beforeAll(async () => { known = await emitted(); });

  test.each([xnnpack, gpu, nnapi, qualcomm, mediatek].map((rules) => [rules.unit, rules] as const))("%s: every operator and type that it claims is emitted and executed above", (_, rules) => {
    const claimed = Object.entries(rules.ops).flatMap(([op, { forms }]) => forms.map((form) => textOf(op, form)));
    expect(claimed.filter((claim) => !known.has(claim))).toEqual([]);
  });
});

function expectClose(found: Tensor, expected: Tensor | undefined, absolute: number): void {
  if (expected === undefined) throw new Error("no y");
  expect(found.shape).toEqual(expected.shape);
  const wanted = Array.from(expected.data, Number);
  Array.from(found.data, Number).forEach((value, i) => expect(Math.abs(value - (wanted[i] ?? NaN))).toBeLessThanOrEqual(absolute + RELATIVE * Math.abs(wanted[i] ?? NaN)));
}

function channelsLast({ dtype, shape, data }: Tensor): Tensor {
  const [n = 1, c = 1, h = 1, w = 1] = shape;
  const turned = data.slice();
  for (let b = 0; b < n; b++) for (let k = 0; k < c; k++) for (let i = 0; i < h; i++) for (let j = 0; j < w; j++) turned[((b * h + i) * w + j) * c + k] = data[((b * c + k) * h + i) * w + j]!;
  return { dtype, shape: [n, h, w, c], data: turned };
}

function channelsFirst({ dtype, shape, data }: Tensor): Tensor {
  const [n = 1, h = 1, w = 1, c = 1] = shape;
  const turned = data.slice();
  for (let b = 0; b < n; b++) for (let k = 0; k < c; k++) for (let i = 0; i < h; i++) for (let j = 0; j < w; j++) turned[((b * c + k) * h + i) * w + j] = data[((b * h + i) * w + j) * c + k]!;
  return { dtype, shape: [n, c, h, w], data: turned };
}
