import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { type Bundle, type EmitInput, type GoldenVector, digest, textFile } from "@edgewise/adapter";
import { type Graph, interpret } from "@edgewise/graph";
import { encodeTensor } from "@edgewise/graph/ops";
import { type TaskContract, type TensorInput, readResults } from "@edgewise/planner/schema";
import { rowToTensor } from "@edgewise/preprocess";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { classesContract, graphOf, randomRows, smallText, valueOrThrow } from "../../../adapter-onnx/src/testing/emit-case.ts";
import { examplePicture } from "../../../adapter-onnx/src/testing/example-picture.ts";
import { emit } from "../emit.ts";
import { LITERT_VERSION } from "../runtime.ts";
import { litertInput } from "../testing/emit-case.ts";
import { packageLeaf, packageName } from "./names.ts";
import { deviceProbeSource, selfTestProbeSource } from "./testing/device-probe.ts";
import { type Run, type Workplace, compileKotlin, hasKotlin, lay, runKotlin, stubSources, workplace } from "./testing/kotlinc.ts";

/** What one scenario of the probe printed. */
interface Found {
  readonly name: string;
  readonly ran?: string;
  readonly refusals?: readonly { readonly backend: string; readonly cause: string; readonly message: string }[];
  readonly error?: string;
  readonly message?: string;
  readonly asked: readonly string[];
  readonly open: number;
  readonly gpuPrecision: string | null;
  readonly threads: number | null;
  readonly vectors?: number;
  readonly passed?: number;
  readonly worst?: number | null;
  readonly results?: unknown;
  readonly same?: boolean;
  readonly timing?: readonly number[];
  readonly highWater?: number | null;
}

let place: Workplace;
let input: EmitInput;
let bundle: Bundle;
let ran: Run;
let sensorRan: Run;
let found: ReadonlyMap<string, Found>;

beforeAll(async () => {
  if (!hasKotlin) return;
  place = await workplace();
  const graph = graphOf(smallText);
  input = litertInput({ graph, precision: "float32", contract: classesContract, backend: "npu", raw: [examplePicture(17, 13, 1), examplePicture(8, 6, 2)] });
  bundle = valueOrThrow(await emit(input));
  const library = packageName(input.candidate.target);
  const probe = textFile("Device.kt", deviceProbeSource({ library, app: `${library}.sample`, type: "Classifier", stored: "FloatArray" }));
  const sources = [...await lay([...bundle.files, probe], place.folder), ...await laySensor()];
  const [stubs, all] = [join(place.folder, "stubs.jar"), join(place.folder, "all.jar")];
  await compileKotlin({ sources: stubSources, jar: stubs, warningsAreErrors: false });
  const compiled = await compileKotlin({ sources, seen: [stubs], jar: all, warningsAreErrors: false });
  ran = compiled.code === 0 ? await runKotlin(`${library}.sample.DeviceKt`, { seen: [all, stubs], args: await assets() }) : compiled;
  sensorRan = compiled.code === 0 ? await runKotlin("edgewise.sensor.sample.SensorKt", { seen: [all, stubs], args: [join(place.folder, "sensor", "assets")] }) : compiled;
  found = new Map(ran.text.split("\n").filter((line) => line.startsWith("{")).map((line) => JSON.parse(line) as Found).map((one) => [one.name, one]));
}, 240_000);

afterAll(async () => { await place?.remove(); });

const sensorContract: TaskContract = { input: { kind: "tensor", scale: [0.5, 2], offset: [0, -1] }, output: { kind: "labels", labels: ["rest", "move"], labelOffset: 1, softmax: true, topK: 1 } };

/** An app on numbers, laid beside the other: sources and assets. Its second vector holds the same numbers in 64 bits. */
async function laySensor(): Promise<readonly string[]> {
  const graph = graphOf("graph sensor\nin x: float32[1, 2, 3]\nf = Flatten(x)\nk: float32[6, 3] = const seed 3\nz = MatMul(f, k)\nout z\n");
  const given = litertInput({ graph, precision: "float32", contract: sensorContract, raw: randomRows(graph, 5, 2) });
  const golden = given.golden.map((vector) => goldenOf(graph, vector));
  const files = valueOrThrow(await emit({ ...given, golden, candidate: { ...given.candidate, target: "sensor" } })).files;
  const folder = join(place.folder, "sensor");
  const probe = textFile("Sensor.kt", selfTestProbeSource({ library: "edgewise.sensor", app: "edgewise.sensor.sample", type: "Classifier" }));
  const sources = await lay([...files, probe], folder);
  const [own, vectors] = [join(folder, "assets", "sensor"), join(folder, "assets", "golden")];
  await mkdir(own, { recursive: true });
  for (const file of ["model.tflite", "labels.txt"]) await cp(join(folder, file), join(own, file));
  await cp(join(folder, "golden"), vectors, { recursive: true });
  const [record, numbers] = [join(vectors, "vector1.json"), new Float32Array(golden[1]!.raw.bytes.slice().buffer)];
  await writeFile(join(vectors, "vector1.f64"), new Uint8Array(Float64Array.from(numbers).buffer));
  await writeFile(record, (await readFile(record, "utf8")).replaceAll("golden/vector1.f32", "golden/vector1.f64").replace("\"float32\"", "\"float64\""));
  return sources;
}

/** The vector with its contract's scale and offset applied. */
function goldenOf(graph: Graph, vector: GoldenVector): GoldenVector {
  const row = new Float32Array(vector.raw.bytes.slice().buffer);
  const tensor = valueOrThrow(rowToTensor(row, { contract: sensorContract.input as TensorInput, shape: [1, 2, 3], file: "row" }));
  const output = interpret(graph, new Map([["x", tensor]])).get("z")!;
  return { ...vector, input: encodeTensor(tensor), output: encodeTensor(output) };
}

/** The app's assets, as the Gradle files of the bundle lay them: as they are, with another digest in a vector, without vectors. */
async function assets(): Promise<readonly string[]> {
  const folders = ["assets", "changed", "bare"].map((name) => join(place.folder, name));
  for (const [i, folder] of folders.entries()) {
    const own = join(folder, packageLeaf(input.candidate.target));
    await mkdir(own, { recursive: true });
    for (const file of ["model.tflite", "labels.txt"]) await cp(join(place.folder, file), join(own, file));
    if (i < 2) await cp(join(place.folder, "golden"), join(folder, "golden"), { recursive: true });
  }
  const changed = join(place.folder, "changed", "golden", "vector0.json");
  await writeFile(changed, (await readFile(changed, "utf8")).replace(/"tensorSha256": "[0-9a-f]{4}/, "\"tensorSha256\": \"0000"));
  // A picture that is too large to be shipped decoded starts at the tensor; one channel lies in the file as in the graph.
  const [large, tensor] = [join(place.folder, "assets", "golden", "vector1.json"), join(place.folder, "assets", "golden", "vector1.tensor")];
  await writeFile(large, (await readFile(large, "utf8")).replace(/"start": \{.*\}/, "\"start\": {\"kind\": \"tensor\", \"file\": \"golden/vector1.tensor\"}"));
  await writeFile(tensor, input.golden[1]!.input);
  return folders;
}

function scenario(name: string): Found {
  const one = found.get(name);
  if (one === undefined) throw new Error(`${name} printed nothing:\n${ran.text.slice(0, 4000)}`);
  return one;
}

describe.skipIf(!hasKotlin)("the emitted app on stubs of LiteRT (skipped without the Kotlin compiler: conformance/kotlin/setup.sh)", () => {
  test("runs every scenario, and closes whatever it opened", () => {
    expect(ran.code).toBe(0);
    for (const one of found.values()) expect(one).toMatchObject({ open: 0 });
  });

  test("the planned backend is asked alone, so that nothing replaces it in silence", () => {
    expect(scenario("the NPU takes it")).toMatchObject({ ran: "npu", refusals: [], asked: ["NPU"] });
    expect(scenario("down to the CPU").asked).toEqual(["NPU", "GPU", "CPU"]);
  });

  test.each([
    ["an unknown chip", "os"], ["no vendor library", "missing-library"], ["the CPU in the NPU's place", "unsupported-op"], ["a library that does not load", "missing-library"],
    ["a status alone", "unsupported-op"], ["a type", "precision"], ["a shape", "shape"], ["an old driver", "os"], ["no reason", "other"], ["words of operators", "unsupported-op"], ["a status of tomorrow", "other"],
  ])("%s: the NPU's refusal is kept with its cause, %s, and the GPU runs", (name, cause) => {
    expect(scenario(name)).toMatchObject({ ran: "gpu", refusals: [{ backend: "npu", cause }] });
  });

  test("a chain that ends on the CPU keeps both causes", () => {
    expect(scenario("down to the CPU")).toMatchObject({ ran: "cpu", refusals: [{ backend: "npu", cause: "other" }, { backend: "gpu", cause: "missing-library" }] });
  });

  test("a model that nothing takes, or that is not there, is an error with a name", () => {
    expect(scenario("nowhere")).toMatchObject({ error: "NoBackend", refusals: [{ backend: "npu" }, { backend: "gpu" }, { backend: "cpu" }] });
    expect(scenario("one backend alone")).toMatchObject({ error: "NoBackend", refusals: [{ backend: "gpu" }] });
    expect(scenario("no model")).toMatchObject({ error: "AssetMissing" });
    expect(scenario("a run that fails")).toMatchObject({ error: "RunFailed" });
    expect(scenario("another number of outputs")).toMatchObject({ error: "OutputCount" });
  });

  test("a float32 plan computes in float32 on the GPU, and what the CPU computes has up to four threads", () => {
    expect(scenario("no reason")).toMatchObject({ gpuPrecision: "FP32", threads: null });
    expect(scenario("down to the CPU")).toMatchObject({ gpuPrecision: null, threads: Math.min(4, availableParallelism()) });
    expect(scenario("the NPU takes it").threads).toBe(scenario("down to the CPU").threads);
  });

  test("the golden vectors of the bundle pass within what it allows", () => {
    const { vectors, passed, worst } = scenario("the self-test");
    expect({ vectors, passed }).toEqual({ vectors: 2, passed: 2 });
    expect(worst).toBeGreaterThan(0.4);
    expect(worst).toBeLessThan(0.6);
  });

  test("vectors of numbers pass, in 32 and in 64 bits", () => {
    expect(sensorRan.text).toMatch(/^PASS vector0: .*\nPASS vector1: .*\n$/);
    expect(sensorRan.code).toBe(0);
  });

  test("wrong answers fail aloud: the NPU's precision where the CPU is right, else the build", () => {
    expect(scenario("a wrong NPU")).toMatchObject({ error: "SelfTestFailed", message: expect.stringMatching(/^npu: 0 of 2 vectors pass\. Cause: npu: precision/) as string });
    expect(scenario("wrong everywhere")).toMatchObject({ error: "SelfTestFailed", message: expect.stringMatching(/Cause: the CPU fails too/) as string });
    expect(scenario("not a number")).toMatchObject({ error: "SelfTestFailed" });
    expect(scenario("the benchmark of wrong answers")).toMatchObject({ error: "SelfTestFailed" });
  });

  test("a vector that preprocessing does not reach fails for that reason, and so does an app without vectors", () => {
    expect(scenario("another preprocessing")).toMatchObject({ error: "SelfTestFailed", message: expect.stringMatching(/1 of 2 vectors pass\. Cause: preprocessing/) as string });
    expect(scenario("no vectors")).toMatchObject({ error: "SelfTestFailed", message: expect.stringMatching(/the app has no vectors/) as string });
  });

  test("a bitmap is the picture that it holds, or refuses with a name", () => {
    expect(scenario("a bitmap")).toMatchObject({ same: true });
    expect(scenario("a bitmap in graphics memory")).toMatchObject({ error: "PictureNotReadable" });
  });

  test("percentiles are of the timed calls alone", () => {
    expect(scenario("a clock").timing).toEqual([1, 100, 5050, 51, 96]);
    expect(scenario("a process without numbers").highWater).toBeNull();
  });

  test("without vectors the benchmark says that none passed", () => {
    const results = valueOrThrow(readResults(JSON.stringify(scenario("the benchmark without vectors").results), "results.json"));
    expect(results).toMatchObject({ selfTest: { vectors: 0, passed: 0, worstOfAllowed: null }, backend: { ran: "npu" }, placement: null, fallbacks: [], threads: scenario("the NPU takes it").threads });
  });

  test("the benchmark prints what plan measure --import reads", () => {
    const results = valueOrThrow(readResults(JSON.stringify(scenario("the benchmark").results), "results.json"));
    const { candidate } = input;
    expect(results).toMatchObject({
      target: candidate.target, candidate: candidate.id, device: { id: candidate.device, reported: "Stub 1" }, os: { name: "Android", version: "15" },
      runtime: { id: "litert", version: LITERT_VERSION }, backend: { asked: "npu", ran: "gpu" }, fallbacks: [{ backend: "npu", cause: "other", message: "Failed to compile model" }], threads: null,
      selfTest: { vectors: 2, passed: 2 }, placement: { fullyDelegated: true, layers: null, delegatedLayers: null, delegatedMacsFraction: 1 },
      burst: { warmUpRuns: 3 }, sustained: { warmUpRuns: 0 }, energyJoulesPerInference: null,
    });
    expect(results.model).toEqual({ file: "model.tflite", sha256: digest(bundle.files.find(({ path }) => path === "model.tflite")!.bytes), precision: "float32" });
    expect(results.burst.runs).toBeGreaterThanOrEqual(40);
    expect(results.burst.durationMs).toBeGreaterThanOrEqual(20);
    expect(results.memoryHighWaterBytes).toBeGreaterThan(1e6);
  });
});
