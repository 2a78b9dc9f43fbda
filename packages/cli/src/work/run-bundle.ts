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
