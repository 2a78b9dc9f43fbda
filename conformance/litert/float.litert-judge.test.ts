import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Graph, type Tensor, type Value } from "../../packages/graph/src/index.ts";
import { decodeConstant, encodeTensor } from "../../packages/graph/src/ops/index.ts";
import { openModel, ortRunner } from "../../packages/measure/src/index.ts";
import type { Precision } from "../../packages/planner/src/schema/index.ts";
import { ranking } from "../../packages/preprocess/src/index.ts";
import { toFloat16, weightOnly } from "../../packages/quantizer/src/index.ts";
import { type CorpusNet, type Feeds, corpusFiles, readNet, samplesOf } from "./corpus-nets.ts";
import { type Judge, type Kernels, judgePresent, startJudge } from "./judge.ts";
import { litertRunner } from "./litert-runner.ts";
import { partsOfTolerance } from "./tolerance.ts";

const full = process.env["EDGEWISE_FULL"] === "1";
const INPUTS = full ? 50 : 3;
const TIMEOUT_MS = full ? 600_000 : 60_000;

/** Activations are quantized to 8 bits as they come: hundredths of a score, which turn the order of classes that are that near. */
const DYNAMIC_SAME = 0.95;
const DYNAMIC_INPUTS = full ? 300 : 40;

type Answer = (feeds: Feeds) => Promise<readonly Tensor[]>;

interface Source {
  readonly answer: Answer;
  close(): Promise<void>;
}

/** onnxruntime on a graph of ours. */
function onOrt(graph: Graph): Source {
  const runner = ortRunner("all");
  return { answer: async (feeds) => listed(await runner.run(graph, feeds, graph.outputs), graph), close: () => runner.close() };
}

/** The model file that a network was read from, on the runtime that it is made for. */
async function original({ file, bytes, graph, form }: CorpusNet, judge: Judge): Promise<Source> {
  if (form === "weights") return onOrt(graph);
  if (file.endsWith(".onnx")) {
    const model = await openModel(bytes, "all");
    return { answer: async (feeds) => listed(await model.run(feeds), graph), close: () => model.close() };
  }
  const model = await judge.open(bytes, { kernels: "xnnpack" });
  return { answer: (feeds) => model.run(graph.inputs.flatMap((id) => feeds.get(id) ?? [])), close: () => model.close() };
}

function listed(answers: ReadonlyMap<string, Tensor>, { outputs }: Graph): readonly Tensor[] {
  return outputs.flatMap((id) => answers.get(id) ?? []);
}

/** The graph with its constants as float16 has them, still computed in float32. */
function withHalves(graph: Graph): Graph {
  const halves = toFloat16(graph).values;
  const widened = (value: Value): Value => {
    const half = halves.get(value.id);
    return half?.constant && half.dtype === "float16" ? { ...value, constant: { bytes: encodeTensor({ ...decodeConstant(half), dtype: "float32" }) } } : value;
  };
  return { ...graph, values: new Map([...graph.values].map(([id, value]) => [id, widened(value)])) };
}

const nets = judgePresent ? corpusFiles().map((file) => readNet(file)).flatMap((read) => (read.ok && read.value.form !== "int8" ? [read.value] : [])) : [];
const named = nets.map((net) => [net.file, net] as const);
/** With labelled inputs that belong to one of a few classes each. */
const labelled = named.filter(([file, { form }]) => form === "float" && /^(gesture|mlperf-ic|mlperf-vww|mnist)/.test(file));
const floats = named.filter(([, { form }]) => form === "float");

describe.skipIf(!judgePresent)("emitted float files on LiteRT (needs conformance/litert/setup.sh)", () => {
  let judge: Judge;
  beforeAll(() => void (judge = startJudge()));
  afterAll(() => judge.close());

  /** How far the emitted file's answers are from a source's, in parts of atol 1e-5 + rtol 1e-4. */
  async function farthest(net: CorpusNet, emit: { readonly graph: Graph; readonly precision: Precision; readonly kernels: Kernels }, answer: Answer): Promise<number> {
    const runner = litertRunner(judge, emit);
    let worst = 0;
    for (const { feeds } of await samplesOf(net, INPUTS)) {
      const [found, wanted] = [listed(await runner.run(emit.graph, feeds, emit.graph.outputs), emit.graph), await answer(feeds)];
      expect([found.length, wanted.length]).toEqual([net.graph.outputs.length, net.graph.outputs.length]);
      for (const [i, each] of wanted.entries()) worst = Math.max(worst, partsOfTolerance(found[i]!, each));
    }
    await runner.close();
    return worst;
  }

  test("the corpus has float networks in both formats", () => {
    expect(nets.filter(({ file }) => file.endsWith(".onnx")).length).toBeGreaterThanOrEqual(9);
    expect(nets.filter(({ file }) => file.endsWith(".tflite")).length).toBeGreaterThanOrEqual(8);
  });

  test.each(named)("%s: within atol 1e-5 + rtol 1e-4 of the model file it comes from, on both kinds of kernels", async (_, net) => {
    const source = await original(net, judge);
    const precision = net.form === "weights" ? "int8-weights" : "float32";
    for (const kernels of ["xnnpack", "reference"] as const) expect(await farthest(net, { graph: net.graph, precision, kernels }, source.answer)).toBeLessThanOrEqual(1);
    await source.close();
  }, TIMEOUT_MS);

  test.each(floats)("%s in float16: within as much of onnxruntime with the same float16 weights", async (_, net) => {
    const source = onOrt(withHalves(net.graph));
    expect(await farthest(net, { graph: toFloat16(net.graph), precision: "float16", kernels: "xnnpack" }, source.answer)).toBeLessThanOrEqual(1);
    await source.close();
  }, TIMEOUT_MS);

  test.each(floats)("%s in int8-weights: within as much of onnxruntime with the same int8 weights", async (_, net) => {
    const graph = weightOnly(net.graph);
    const source = onOrt(graph);
    expect(await farthest(net, { graph, precision: "int8-weights", kernels: "xnnpack" }, source.answer)).toBeLessThanOrEqual(1);
    await source.close();
  }, TIMEOUT_MS);

  test.each(labelled)("%s in int8-dynamic: names the class of the same weights under exact activations, but for near ties", async (_, net) => {
    const graph = weightOnly(net.graph);
    const [exact, quick] = [onOrt(graph), litertRunner(judge, { kernels: "xnnpack", precision: "int8-dynamic" })];
    const samples = await samplesOf(net, DYNAMIC_INPUTS);
    let same = 0;
    for (const { feeds } of samples) {
      const [found, wanted] = [listed(await quick.run(graph, feeds, graph.outputs), graph)[0]!, (await exact.answer(feeds))[0]!];
      if (best(found) === best(wanted)) same += 1;
    }
    expect(same).toBeGreaterThanOrEqual(Math.floor(DYNAMIC_SAME * samples.length));
    await quick.close();
    await exact.close();
  }, TIMEOUT_MS);

  test("weights that are a thousandth off are found out", async () => {
    const net = nets.find(({ file }) => file === "tflm-hello-world/hello_world_float.tflite")!;
    const source = await original(net, judge);
    const larger = (value: Value): Value => (value.constant && value.dtype === "float32" && value.shape?.length === 2 ? { ...value, constant: { bytes: encodeTensor(scaled(decodeConstant(value), 1.001)) } } : value);
    const graph = { ...net.graph, values: new Map([...net.graph.values].map(([id, value]) => [id, larger(value)])) };
    expect(await farthest(net, { graph, precision: "float32", kernels: "xnnpack" }, source.answer)).toBeGreaterThan(1);
    await source.close();
  });
});

function best({ data }: Tensor): number {
  return ranking(Array.from(data as ArrayLike<number>))[0] ?? -1;
}

function scaled({ dtype, shape, data }: Tensor, factor: number): Tensor {
  return { dtype, shape, data: Float32Array.from(data as Float32Array, (x) => x * factor) };
}
