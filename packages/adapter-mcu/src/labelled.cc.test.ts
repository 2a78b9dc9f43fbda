import { type Tensor, prepareInterpreter } from "@edgewise/graph";
import { runProcess } from "@edgewise/measure";
import { describe, expect, test } from "vitest";
import { evenly } from "../../measure/src/testing/corpus.ts";
import { feedOf, labelledNets } from "../../measure/src/testing/int8-corpus.ts";
import { answersInC, best } from "./testing/answers.ts";
import { corpusPresent } from "./testing/corpus.ts";
import { corpusNet } from "./testing/corpus-nets.ts";

const compiler = await runProcess("gcc", ["--version"]).then(({ code }) => code === 0, () => false);
const missing = [...(compiler ? [] : ["gcc"]), ...(corpusPresent ? [] : ["the corpus: set EDGEWISE_CORPUS"])];

const INTERPRETED = 10;

describe.skipIf(missing.length > 0)(`int8 networks in C on labelled inputs${missing.length > 0 ? ` (needs ${missing.join(", ")})` : ""}`, () => {
  test.each(labelledNets.filter(({ file }) => !/mobilenet_v1_0|1.0_224_quant/.test(file)).map((net) => [net.file, net.set, net] as const))("%s, %s", async (file, _, { inputs, published }) => {
    const graph = await corpusNet(file);
    const known = (await inputs());
    const feeds = await Promise.all(known.map(async ({ input }) => feedOf(graph, await input()).get(graph.inputs[0] ?? "") as Tensor));
    const start = performance.now();
    const answers = await answersInC(graph, feeds, { isa: "armv7e-m", family: "dsp" });
    const correct = answers.filter((answer, i) => best(answer) === known[i]?.label).length;
    console.log(file, "correct", correct, "of", known.length, "published", published, performance.now() - start);
    const run = prepareInterpreter(graph);
    for (const i of evenly(known.map((_, index) => index), INTERPRETED)) {
      const reference = run(new Map([[graph.inputs[0] ?? "", feeds[i]!]])).get(graph.outputs[0] ?? "");
      expect(best(reference?.data as Int8Array)).toBe(best(answers[i] ?? []));
    }
  }, 600_000);
});
