import { digest } from "../../packages/adapter/src/index.ts";
import { mcuAdapter } from "../../packages/adapter-mcu/src/index.ts";
import { answersInC } from "../../packages/adapter-mcu/src/testing/answers.ts";
import { devices } from "../../packages/catalog/src/index.ts";
import { writeOnnx } from "../../packages/formats/src/onnx/index.ts";
import { type Graph, type Tensor, invariant } from "../../packages/graph/src/index.ts";
import { type StepHistogram, netAgreement, ortRunner } from "../../packages/measure/src/index.ts";
import { type Known, evenly, valueOrThrow } from "../../packages/measure/src/testing/corpus.ts";
import { mcNemar } from "../../packages/planner/src/index.ts";
import type { Precision } from "../../packages/planner/src/schema/index.ts";
import { ranking } from "../../packages/preprocess/src/index.ts";
import { type Runner, calibrate, quantizeGraph } from "../../packages/quantizer/src/index.ts";
import { type CorpusNet, labelledInputs, realFeed } from "./corpus-nets.ts";
import type { Judge } from "./judge.ts";
import { emitted, litertRunner } from "./litert-runner.ts";

/** Right answers of one graph on one runtime. */
export interface Side {
  readonly right: number;
  /** Inputs on which it names the class that LiteRT names. */
  readonly sameClass: number;
  /** McNemar's p beside LiteRT, on the same inputs. */
  readonly p: number;
  /** Of the model file; of the C, what it takes of a microcontroller's flash. */
  readonly bytes: number;
}

/** Stored integers before the softmax, beside the reference interpreter's: how many are how many steps away. */
export interface Steps {
  readonly inputs: number;
  readonly xnnpack: StepHistogram;
  readonly reference: StepHistogram;
  /** Inputs on which LiteRT's reference kernels name the interpreter's class. */
  readonly referenceSameClass: number;
}

/** One network, one graph in each precision, on every runtime that has it. */
export interface RuntimeRow {
  readonly model: string;
  readonly inputs: number;
  /** Null where the corpus has the network in int8 only. */
  readonly float32: { readonly onnx: Side; readonly litert: Side } | null;
  readonly int8: { readonly onnx: Side; readonly litert: Side; readonly c: Side };
  readonly beforeSoftmax: Steps;
}

/** Evenly out of the labelled inputs, at most a quarter of them; the others are counted. */
const CALIBRATION_SAMPLES = 64;
/** Inputs that the interpreter runs as well; a second each for the largest network. */
const INTERPRETED = 20;

interface Labelled {
  readonly feed: Tensor;
  readonly label: number;
}

async function fed(graph: Graph, known: readonly Known[]): Promise<readonly Labelled[]> {
  return Promise.all(known.map(async ({ input, label }) => ({ feed: realFeed(graph, await input()).get(graph.inputs[0] ?? "") as Tensor, label })));
}

/** The int8 graph: as the file has it, or quantized by us from inputs that are not counted. */
async function quantized({ graph, form }: CorpusNet, calibration: readonly Labelled[]): Promise<Graph> {
  if (form === "int8") return valueOrThrow(quantizeGraph(graph, {}));
  const runner = ortRunner("basic");
  const [input = ""] = graph.inputs;
  const { ranges, means } = valueOrThrow(await calibrate({ graph, samples: calibration.map(({ feed }) => new Map([[input, feed]])), runner, method: "min-max" }));
  await runner.close();
  return valueOrThrow(quantizeGraph(graph, ranges, { means }));
}

async function classesOf(runner: Runner, graph: Graph, inputs: readonly Labelled[]): Promise<readonly number[]> {
  const [input = "", output = ""] = [graph.inputs[0], graph.outputs[0]];
  const classes: number[] = [];
  for (const { feed } of inputs) classes.push(best((await runner.run(graph, new Map([[input, feed]]), [output])).get(output)?.data));
  return classes;
}

function best(data: Tensor["data"] | undefined): number {
  invariant(data !== undefined, "an answer");
  return ranking(Array.from(data as ArrayLike<number>, Number))[0] ?? -1;
}

async function onOnnx(graph: Graph, inputs: readonly Labelled[]): Promise<readonly number[]> {
  const runner = ortRunner("all");
  const classes = await classesOf(runner, graph, inputs);
  await runner.close();
  return classes;
}

async function onLitert(judge: Judge, emit: { readonly graph: Graph; readonly precision: Precision }, inputs: readonly Labelled[]): Promise<readonly number[]> {
  const runner = litertRunner(judge, { kernels: "xnnpack", precision: emit.precision });
  const classes = await classesOf(runner, emit.graph, inputs);
  await runner.close();
  return classes;
}

async function inC(graph: Graph, inputs: readonly Labelled[]): Promise<readonly number[]> {
  return (await answersInC(graph, inputs.map(({ feed }) => feed), { isa: "armv7e-m", family: "dsp" })).map((answer) => best(answer));
}

/** What the planner promises of the C on a Cortex-M4. */
function flashBytes(graph: Graph): number {
  const device = devices.find(({ id }) => id === "nucleo-l4r5zi");
  invariant(device !== undefined, "the board is in the catalog");
  const contract = { input: { kind: "tensor", scale: [1], offset: [0] }, output: { kind: "tensor" } } as const;
  const { memory } = mcuAdapter.assess({ graph, model: digest(graph.name), precision: "int8", resolution: null, device, backend: "dsp", contract });
  return Math.round(memory.find(({ region }) => region === "flash")?.total.high ?? 0);
}

function sidesOf(labels: readonly number[], litert: readonly number[]): (classes: readonly number[], bytes: number) => Side {
  const right = (classes: readonly number[], i: number): boolean => classes[i] === labels[i];
  return (classes, bytes) => {
    const lost = labels.filter((_, i) => right(litert, i) && !right(classes, i)).length;
    const gained = labels.filter((_, i) => right(classes, i) && !right(litert, i)).length;
    return {
      right: labels.filter((_, i) => right(classes, i)).length, sameClass: classes.filter((each, i) => each === litert[i]).length,
      p: Number(mcNemar(lost, gained).toFixed(4)), bytes,
    };
  };
}

/** Runs a network's labelled inputs, at most `count`, on every runtime. */
export async function runtimeRow(net: CorpusNet, judge: Judge, count: number): Promise<RuntimeRow> {
  const all = await labelledInputs(net.file);
  const calibrating = new Set(net.form === "int8" ? [] : evenly(all, Math.min(CALIBRATION_SAMPLES, Math.floor(all.length / 4))));
  const inputs = await fed(net.graph, evenly(all.filter((each) => !calibrating.has(each)), count));
  const labels = inputs.map(({ label }) => label);
  const int8 = await quantized(net, await fed(net.graph, [...calibrating]));
  const onnxBytes = (graph: Graph): number => writeOnnx(graph).model.length;
  const litert = await onLitert(judge, { graph: int8, precision: "int8" }, inputs);
  const side = sidesOf(labels, litert);
  return {
    model: net.file, inputs: inputs.length,
    float32: net.form === "float" ? await floatSides(net.graph, judge, inputs) : null,
    int8: { onnx: side(await onOnnx(int8, inputs), onnxBytes(int8)), litert: side(litert, emitted(int8, "int8").bytes.length), c: side(await inC(int8, inputs), flashBytes(int8)) },
    beforeSoftmax: await stepsOf(judge, int8, evenly(inputs, INTERPRETED)),
  };
}

async function stepsOf(judge: Judge, graph: Graph, inputs: readonly Labelled[]): Promise<Steps> {
  const samples = inputs.map(({ feed }) => new Map([[graph.inputs[0] ?? "", feed]]));
  const [xnnpack, reference] = [litertRunner(judge, { kernels: "xnnpack", precision: "int8" }), litertRunner(judge, { kernels: "reference", precision: "int8" })];
  const [fast, exact] = [await netAgreement({ graph, samples, runner: xnnpack }), await netAgreement({ graph, samples, runner: reference })];
  await xnnpack.close();
  await reference.close();
  return { inputs: samples.length, xnnpack: fast.steps, reference: exact.steps, referenceSameClass: exact.sameBest };
}

async function floatSides(graph: Graph, judge: Judge, inputs: readonly Labelled[]): Promise<{ readonly onnx: Side; readonly litert: Side }> {
  const litert = await onLitert(judge, { graph, precision: "float32" }, inputs);
  const side = sidesOf(inputs.map(({ label }) => label), litert);
  return { onnx: side(await onOnnx(graph, inputs), writeOnnx(graph).model.length), litert: side(litert, emitted(graph, "float32").bytes.length) };
}
