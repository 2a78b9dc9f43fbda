import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Graph, Node, Tensor, Value } from "../../packages/graph/src/index.ts";
import { type OpAgreement, mostSteps, opAgreement } from "../../packages/measure/src/index.ts";
import type { Runner } from "../../packages/quantizer/src/index.ts";
import { type CorpusNet, corpusFiles, madeFeeds, readNet, samplesOf } from "./corpus-nets.ts";
import { type Judge, type Kernels, judgePresent, startJudge } from "./judge.ts";
import { crossed, emitted, litertRunner, runStored } from "./litert-runner.ts";

const full = process.env["EDGEWISE_FULL"] === "1";
const INPUTS = full ? 50 : 3;
/** The reference interpreter takes seconds for networks of hundreds of millions of products. */
const QUICK_BYTES = 1_000_000;
const TIMEOUT_MS = full ? 1_200_000 : 120_000;

const nets = judgePresent ? corpusFiles().map((file) => readNet(file)).flatMap((read) => (read.ok && read.value.form === "int8" ? [read.value] : [])) : [];
const named = nets.map((net) => [net.file, net] as const);
const quick = full ? named : named.filter(([, { bytes }]) => bytes.length <= QUICK_BYTES);

/** LiteRT's reference FULLY_CONNECTED rounds a product once where the weights have one scale; TensorFlow Lite Micro's rounds twice. */
const roundedOnce: readonly Node["op"][] = ["Gemm", "MatMul"];

/** Weights with a zero point take uint8 kernels, which TensorFlow Lite Micro has none of. */
function writtenAsUint8({ graph }: CorpusNet): boolean {
  return [...graph.values.values()].some(({ constant, dtype, quant }) => constant !== null && dtype === "int8" && quant?.zeroPoint.some((zero) => zero !== 0));
}

/** TensorFlow Lite's own converter made it for Micro: LiteRT refuses the file (a scale's axis out of range), and runs ours. */
const refusedByLitert: readonly string[] = ["tflm-person-detect/person_detect.tflite"];

describe.skipIf(!judgePresent)("emitted int8 files on the official kernels (needs conformance/litert/setup.sh)", () => {
  let judge: Judge;
  beforeAll(() => void (judge = startJudge()));
  afterAll(() => judge.close());

  async function alone({ graph }: CorpusNet, feeds: ReadonlyMap<string, Tensor>, kernels: Kernels): Promise<readonly OpAgreement[]> {
    const runner = litertRunner(judge, { kernels, precision: "int8" });
    const found = await opAgreement({ graph, samples: [feeds], runner });
    await runner.close();
    return found;
  }

  const beyond = (found: readonly OpAgreement[], steps: (op: Node["op"]) => number): readonly OpAgreement[] => found.filter((each) => mostSteps(each.steps) > steps(each.op));

  test("the corpus has int8 networks in both formats", () => {
    expect(nets.filter(({ file }) => file.endsWith(".onnx")).length).toBeGreaterThanOrEqual(4);
    expect(nets.filter(({ file }) => file.endsWith(".tflite")).length).toBeGreaterThanOrEqual(15);
  });

  test.each(quick)("%s: each operator alone equals the reference kernels to the bit, and XNNPACK within one step", async (_, net) => {
    const [sample] = await samplesOf(net, 1);
    const reference = await alone(net, sample!.feeds, "reference");
    expect(reference.length).toBeGreaterThan(0);
    expect(beyond(reference, (op) => (roundedOnce.includes(op) ? 1 : 0))).toEqual([]);
    if (!writtenAsUint8(net)) expect(beyond(await alone(net, sample!.feeds, "micro"), () => 0)).toEqual([]);
    expect(beyond(await alone(net, sample!.feeds, "xnnpack"), () => 1)).toEqual([]);
  }, TIMEOUT_MS);

  test("weights that are a step off are found out", async () => {
    const { graph } = nets.find(({ file }) => file === "tflm-hello-world/hello_world_int8.tflite")!;
    const honest = litertRunner(judge, { kernels: "micro", precision: "int8" });
    const runner: Runner = { run: (alone, feeds, fetch) => honest.run(aStepOff(alone), feeds, fetch) };
    const found = await opAgreement({ graph, samples: madeFeeds(graph, 8), runner });
    expect(beyond(found, () => 0).length).toBeGreaterThan(0);
    await honest.close();
  });

  test.each(named.filter(([file]) => file.endsWith(".tflite") && !refusedByLitert.includes(file)))("%s: read and written again, the file answers as before on either kind of kernels", async (_, net) => {
    const again = emitted(net.graph, "int8");
    const samples = await samplesOf(net, net.bytes.length > QUICK_BYTES ? Math.ceil(INPUTS / 3) : INPUTS);
    for (const kernels of ["reference", "xnnpack"] as const) {
      const [mine, theirs] = [await judge.open(again.bytes, { kernels }), await judge.open(net.bytes, { kernels })];
      for (const { feeds } of samples) {
        const found = await runStored(mine, again.inputs.map((port) => crossed(feeds.get(port.value)!, port, "in")));
        const wanted = await runStored(theirs, net.graph.inputs.map((id) => feeds.get(id)!));
        expect(found.map(({ data }) => data)).toEqual(wanted.map(({ data }) => data));
      }
      await mine.close();
      await theirs.close();
    }
  }, TIMEOUT_MS);
});

/** Every int8 constant one higher. */
function aStepOff(graph: Graph): Graph {
  const shifted = (value: Value): Value => (value.constant && value.dtype === "int8" ? { ...value, constant: { bytes: value.constant.bytes.map((byte) => (byte === 127 ? byte : byte + 1)) } } : value);
  return { ...graph, values: new Map([...graph.values].map(([id, value]) => [id, shifted(value)])) };
}
