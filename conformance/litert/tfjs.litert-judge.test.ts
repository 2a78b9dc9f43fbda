import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { mostSteps, stepHistogram } from "../../packages/measure/src/agreement/steps.ts";
import { corpusFiles, readNet, samplesOf } from "./corpus-nets.ts";
import { type Judge, judgePresent, startJudge } from "./judge.ts";
import { asFiled, crossed, emitted } from "./litert-runner.ts";
import { type TfjsModel, loadTfjs, tfjsPresent } from "./tfjs.ts";
import { partsOfTolerance } from "./tolerance.ts";

const INPUTS = 3;
const nets = judgePresent && tfjsPresent ? corpusFiles().map((file) => readNet(file)).flatMap((read) => (read.ok && read.value.bytes.length < 1_000_000 ? [read.value] : [])) : [];

describe.skipIf(nets.length === 0)("emitted files on tfjs-tflite beside native LiteRT (needs conformance/litert/setup.sh)", () => {
  let judge: Judge;
  let open: (model: Uint8Array) => TfjsModel;
  beforeAll(async () => {
    judge = startJudge();
    open = await loadTfjs();
  });
  afterAll(() => judge.close());

  test.each(nets.map((net) => [net.file, net] as const))("%s", async (_, net) => {
    const file = emitted(net.graph, net.form === "int8" ? "int8" : net.form === "weights" ? "int8-weights" : "float32");
    const [tfjs, litert] = [open(file.bytes), await judge.open(file.bytes, { kernels: "xnnpack" })];
    let [parts, steps] = [0, 0];
    for (const { feeds } of await samplesOf(net, INPUTS)) {
      const given = file.inputs.map((port, i) => asFiled(crossed(feeds.get(port.value)!, port, "in"), litert.inputs[i]));
      const [found, wanted] = [tfjs.run(given), await litert.run(given)];
      expect(found.length).toBe(net.graph.outputs.length);
      for (const [i, each] of wanted.entries()) {
        if (each.dtype === "float32") parts = Math.max(parts, partsOfTolerance(found[i]!, each));
        else steps = Math.max(steps, mostSteps(stepHistogram(found[i]!, each)));
      }
    }
    expect(parts).toBeLessThanOrEqual(1);
    expect(steps).toBeLessThanOrEqual(1);
    await litert.close();
    tfjs.close();
  });
});
