import type { Bundle } from "@edgewise/adapter";
import { toleranceOf } from "@edgewise/adapter-onnx";
import type { Graph, Tensor } from "@edgewise/graph";
import { type Agreement, agreementOf } from "./agreement.ts";

/** One line of what a run showed: a promise beside what was found. */
export interface Finding {
  readonly what: string;
  readonly promised: string;
  readonly found: string;
  /** Null: for information, nothing was promised. */
  readonly holds: boolean | null;
}

export interface BundleRun {
  /** Where it ran, in words: never another device's name. */
  readonly where: string;
  readonly findings: readonly Finding[];
}

/** A vector: the graph's input, and what the reference interpreter answers. */
export interface Vector {
  readonly input: Tensor;
  readonly output: Tensor;
}

const WARM_UP_RUNS = 5;
const TIMED_RUNS = 50;

/** Runs model.onnx on onnxruntime here; latency is of this machine and is never counted for another. */
export async function runOnnxBundle(bundle: Bundle, graph: Graph, vectors: readonly Vector[]): Promise<BundleRun> {
  const { measureLatency, openModel } = await import("@edgewise/measure");
  const model = bundle.files.find(({ path }) => path === "model.onnx");
  const session = await openModel(model?.bytes ?? new Uint8Array(), "all");
  const [input = "", output = ""] = [graph.inputs[0], graph.outputs[0]];
  try {
    const run = async (tensor: Tensor): Promise<Tensor | undefined> => (await session.run(new Map([[input, tensor]]))).get(output);
    const tolerance = toleranceOf(graph, bundle.manifest.candidate.precision);
    const agreements: Agreement[] = [];
    for (const vector of vectors) agreements.push(agreementOf(vector.output, await run(vector.input), tolerance));
    const same = agreements.filter(({ sameBest }) => sameBest).length;
    const ofAllowed = Math.max(0, ...agreements.map((agreement) => agreement.ofAllowed));
    const absolute = Math.max(0, ...agreements.map((agreement) => agreement.absolute));
    const first = vectors[0];
    const latency = first === undefined ? null : await measureLatency(() => run(first.input), { warmUp: WARM_UP_RUNS, runs: TIMED_RUNS, clock: () => performance.now() });
    return {
      where: `onnxruntime-node on this machine (${process.platform}-${process.arch}, one thread)`,
      findings: [
        { what: "best class as the reference, near ties aside", promised: `${vectors.length} of ${vectors.length}`, found: `${same} of ${vectors.length}`, holds: same === vectors.length },
        { what: "largest difference from the reference", promised: tolerance.words, found: `${absolute.toPrecision(2)}, ${Math.round(100 * ofAllowed)} % of what is allowed`, holds: ofAllowed <= 1 },
        ...(latency === null ? [] : [{ what: "latency here, p50 / p95", promised: "–", found: `${latency.p50Ms.toFixed(3)} / ${latency.p95Ms.toFixed(3)} ms`, holds: null }]),
      ],
    };
  } finally {
    await session.close();
  }
}

/** Compiles a C bundle's self-test with the host's compiler and runs it; on an Arm emulator too where its tools are here. */
export async function runCBundle(bundle: Bundle, vectors: readonly Vector[]): Promise<readonly BundleRun[]> {
  const { armCompilerVersion, buildHost } = await import("@edgewise/measure");
  const runs: BundleRun[] = [];
  try {
    const program = await buildHost({ files: bundle.files, compiler: "gcc" });
    const outcome = await program.run();
    await program.remove();
    const said = Buffer.from(outcome.stdout).toString("utf8").trim().split("\n").at(-1) ?? "";
    runs.push({ where: "gcc on this machine", findings: [{ what: "self-test, byte for byte", promised: "PASS", found: outcome.code === 0 ? "PASS" : said || `exit ${outcome.code}`, holds: outcome.code === 0 }] });
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
    runs.push({ where: "gcc on this machine", findings: [{ what: "self-test", promised: "PASS", found: "gcc is not installed", holds: null }] });
  }
  const [vector] = vectors;
  if (await armCompilerVersion() !== null && vector !== undefined) runs.push(await runOnPico(bundle, vector.input.data.length));
  return runs;
}

/** The RP2040 emulator executes the same library; its ELF is compared with the promises. */
async function runOnPico(bundle: Bundle, inputBytes: number): Promise<BundleRun> {
  const { EmulationLimit, runRp2040 } = await import("@edgewise/measure");
  const { promises } = bundle.manifest;
  const number = (name: string): number => Number(promises[name] ?? 0);
  // Any input will do: sizes and stack are the same for all, cycles nearly so; answers are the self-test's matter.
  const result = await runRp2040({ files: bundle.files, prefix: String(promises["prefix"] ?? ""), inputs: [new Int8Array(inputBytes)] }).catch((error: unknown) => {
    if (error instanceof EmulationLimit) return error;
    throw error;
  });
  const object = (suffix: string): number => result.elf.symbols.filter(({ name, kind }) => kind === "object" && name.endsWith(suffix)).reduce((sum, { bytes }) => sum + bytes, 0);
  const arena = object("_arena");
  const ran: readonly Finding[] = result instanceof EmulationLimit ? [
    { what: "stack and cycles of a run", promised: "–", found: `stopped after ${result.instructions} instructions: too long to emulate`, holds: null },
  ] : [
    { what: "stack of a run", promised: `at most ${number("stackBytesBound")} B`, found: `${result.stackBytes} B`, holds: result.stackBytes <= number("stackBytesBound") },
    { what: "cycles in the emulator's model", promised: "–", found: String(result.emulatedCycles), holds: null },
  ];
  return {
    where: "arm-none-eabi-gcc and the rp2040js emulator (Cortex-M0+)",
    findings: [{ what: "arena in the ELF", promised: `${number("arenaBytes")} B`, found: `${arena} B`, holds: arena === number("arenaBytes") }, ...ran],
  };
}
