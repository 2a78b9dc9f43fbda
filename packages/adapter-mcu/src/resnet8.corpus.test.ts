import { armCompilerVersion, buildHost, runProcess, runQemu } from "@edgewise/measure";
import { type Graph, type Tensor, prepareInterpreter } from "@edgewise/graph";
import { calibrate, interpreterRunner, quantizeGraph } from "@edgewise/quantizer";
import { describe, expect, test } from "vitest";
import { assess } from "./assess.ts";
import { emit } from "./emit.ts";
import { selfTestVectors } from "./emit/golden.ts";
import { lowerGraph } from "./lower.ts";
import { cifarPictures, corpusGraph, corpusPresent } from "./testing/corpus.ts";
import { deviceWith, emitInput, tensorContract, valueOrThrow } from "./testing/quantized-case.ts";

/** What TensorFlow Lite Micro with CMSIS-NN takes for this model on a Cortex-M4: arena, static and stack; flash. */
const PEER_RAM_BYTES = 56_496;
const PEER_FLASH_BYTES = 149_584;
/** The budget of one `assess`; the quickest run counts, what other processes take is not ours. */
const ASSESS_MS = 20;
const ASSESS_RUNS = 15;

const tools = (await Promise.all([runProcess("gcc", ["--version"]).then(() => true, () => false), armCompilerVersion().then((version) => version !== null)])).every(Boolean);

function feed(graph: Graph, data: Float32Array): ReadonlyMap<string, Tensor> {
  return new Map([[graph.inputs[0]!, { dtype: "float32", shape: [1, 3, 32, 32], data }]]);
}

describe.skipIf(!corpusPresent)(`ResNet8 of the corpus${corpusPresent ? "" : " (corpus absent: set EDGEWISE_CORPUS)"}`, async () => {
  if (!corpusPresent) return;
  const graph = await corpusGraph("mlperf-ic-resnet8/pretrainedResnet.onnx");
  const facts = () => assess({ graph, model: "0".repeat(64), precision: "int8", resolution: null, device: deviceWith("armv7e-m"), backend: "portable", contract: tensorContract });

  test("RAM and flash are below what TensorFlow Lite Micro takes, and the arena is the floor of layers in place", () => {
    const [ram, flash] = facts().memory;
    expect(ram?.items.find(({ name }) => name === "arena")?.bytes).toBe(33_312);
    expect(ram?.total.high).toBeLessThan(PEER_RAM_BYTES);
    expect(flash?.total.high).toBeLessThan(PEER_FLASH_BYTES);
  });
  test(`assess takes at most ${ASSESS_MS} ms once it is warm`, () => {
    const times = Array.from({ length: ASSESS_RUNS }, () => {
      const start = performance.now();
      facts();
      return performance.now() - start;
    });
    expect(Math.min(...times)).toBeLessThanOrEqual(ASSESS_MS);
  });
  test.skipIf(!tools)("six pictures give the interpreter's bytes on this machine and on a Cortex-M4", async () => {
    const pictures = cifarPictures(10);
    const samples = pictures.slice(0, 4).map((picture) => feed(graph, picture));
    const { ranges } = valueOrThrow(await calibrate({ graph, samples, runner: interpreterRunner(), method: "min-max" }));
    const quantized = valueOrThrow(quantizeGraph(graph, ranges));
    const run = prepareInterpreter(quantized);
    const golden = pictures.slice(4).map((picture, i) => {
      const output = run(feed(quantized, picture)).get(quantized.outputs[0]!)!;
      return { name: `picture-${i}`, raw: { kind: "tensor" as const, bytes: new Uint8Array(picture.buffer) }, input: new Uint8Array(picture.buffer), output: new Uint8Array((output.data as Float32Array).buffer) };
    });
    const input = emitInput({ graph, quantized, golden });
    const bundle = valueOrThrow(await emit(input));
    const host = await buildHost({ files: bundle.files, compiler: "gcc" });
    expect((await host.run()).code).toBe(0);
    await host.remove();
    const vectors = valueOrThrow(selfTestVectors(golden, valueOrThrow(lowerGraph(quantized, "portable").program))).slice(0, 2);
    const emulated = await runQemu({ files: bundle.files, prefix: "net", inputs: vectors.map((vector) => vector.input), core: "cortex-m4" });
    expect(emulated.outputs).toEqual(vectors.map((vector) => vector.output));
    expect(emulated.stackBytes).toBeLessThanOrEqual(Number(bundle.manifest.promises["stackBytesBound"]));
  }, 60_000);
});
