import type { Bundle } from "@edgewise/adapter";
import type { Graph, Tensor } from "@edgewise/graph";
import type { Finding } from "@edgewise/planner";
import type { Tolerance } from "@edgewise/quantizer";
import { type Agreement, agreementOf } from "./agreement.ts";

/** A bundle to be run where this program runs. */
export interface RunJob {
  readonly bundle: Bundle;
  /** The graph that was emitted. */
  readonly graph: Graph;
  /** Inputs and the reference's answers; read from the evaluation data when asked for. */
  readonly vectors: () => Promise<readonly Vector[]>;
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

/** This machine, in words. */
export const here: string = `this machine (${process.platform}-${process.arch}, one thread)`;

export interface RunningModel {
  readonly run: (input: Tensor) => Promise<Tensor | undefined>;
  readonly tolerance: Tolerance;
  /** False where what runs it here is not what runs it anywhere else. */
  readonly timed: boolean;
}

/** Runs a model on every vector and compares; the latency is of this machine and is never counted for another. */
export async function besideReference(vectors: readonly Vector[], { run, tolerance, timed }: RunningModel): Promise<readonly Finding[]> {
  const { measureLatency } = await import("@edgewise/measure");
  const agreements: Agreement[] = [];
  for (const vector of vectors) agreements.push(agreementOf(vector.output, await run(vector.input), tolerance));
  const same = agreements.filter(({ sameBest }) => sameBest).length;
  const ofAllowed = Math.max(0, ...agreements.map((agreement) => agreement.ofAllowed));
  const absolute = Math.max(0, ...agreements.map((agreement) => agreement.absolute));
  const first = vectors[0];
  const latency = first === undefined || !timed ? null : await measureLatency(() => run(first.input), { warmUp: WARM_UP_RUNS, runs: TIMED_RUNS, clock: () => performance.now() });
  return [
    { what: "best class as the reference, near ties aside", promised: `${vectors.length} of ${vectors.length}`, found: `${same} of ${vectors.length}`, holds: same === vectors.length },
    { what: "largest difference from the reference", promised: tolerance.words, found: `${absolute.toPrecision(2)}, ${Math.round(100 * ofAllowed)} % of what is allowed`, holds: ofAllowed <= 1 },
    ...(latency === null ? [] : [{ what: "latency here, p50 / p95", promised: "–", found: `${latency.p50Ms.toFixed(3)} / ${latency.p95Ms.toFixed(3)} ms`, holds: null }]),
  ];
}

/** The bytes of a bundle's file; none where it is missing, which its runtime then refuses. */
export function fileOf({ files }: Bundle, path: string): Uint8Array {
  return files.find((file) => file.path === path)?.bytes ?? new Uint8Array();
}
