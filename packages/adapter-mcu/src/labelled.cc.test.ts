import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Tensor } from "@edgewise/graph";
import { runProcess } from "@edgewise/measure";
import { ranking } from "@edgewise/preprocess";
import { afterAll, describe, expect, test } from "vitest";
import { evenly } from "../../measure/src/testing/corpus.ts";
import { feedOf, labelledNets } from "../../measure/src/testing/int8-corpus.ts";
import { answersInC, answersOfInterpreter } from "./testing/answers.ts";
import { corpusPresent } from "./testing/corpus.ts";
import { corpusNet } from "./testing/corpus-nets.ts";

const compiler = await runProcess("gcc", ["--version"]).then(({ code }) => code === 0, () => false);
const missing = [...(compiler ? [] : ["gcc"]), ...(corpusPresent ? [] : ["the corpus: set EDGEWISE_CORPUS"])];

/** Networks that are counted on some inputs only are counted with EDGEWISE_FULL=1. */
const full = process.env["EDGEWISE_FULL"] === "1";
/** Inputs that the interpreter runs beside the C; where 50 made ones agree to the byte, these show that real ones do. */
const INTERPRETED = 5;

interface Figures {
  readonly model: string;
  readonly set: string;
  readonly samples: number;
  readonly correct: number;
  /** TensorFlow Lite's or onnxruntime's count, where all inputs are counted. */
  readonly published: number | null;
}

const figures: Figures[] = [];

/** EDGEWISE_FULL=1 EDGEWISE_RECORD=1 writes the counts; they are the same on every machine. */
function record(): void {
  if (process.env["EDGEWISE_RECORD"] !== "1") return;
  writeFileSync(join(import.meta.dirname, "../../../bench/results/int8-accuracy.json"), `${JSON.stringify({ runtime: "emitted C, kernels for the DSP extension, on the host", networks: figures }, null, 2)}\n`);
}

const nets = labelledNets.filter(({ counted }) => full || counted === null);

describe.skipIf(missing.length > 0)(`int8 networks in C on labelled inputs${missing.length > 0 ? ` (needs ${missing.join(", ")})` : ""}`, () => {
  afterAll(record);

  test.each(nets.map((net) => [net.file, net.set, net.correct, net] as const))("%s on %s has the reference's count of right answers, %i", async (model, set, correct, { inputs, counted, published }) => {
    const graph = await corpusNet(model);
    const all = await inputs();
    const known = evenly(all, counted ?? all.length);
    const feeds = await Promise.all(known.map(async ({ input }) => feedOf(graph, await input()).get(graph.inputs[0] ?? "") as Tensor));
    const answers = await answersInC(graph, feeds, { isa: "armv7e-m", family: "dsp" });
    const found = answers.filter((answer, i) => ranking(answer)[0] === known[i]?.label).length;
    figures.push({ model, set, samples: known.length, correct: found, published: counted === null ? published : null });
    const some = evenly(feeds.map((_, i) => i), INTERPRETED);
    expect(some.map((i) => answers[i])).toEqual(answersOfInterpreter(graph, some.flatMap((i) => feeds[i] ?? [])));
    expect(found).toBe(correct);
  }, 1_200_000);
});
