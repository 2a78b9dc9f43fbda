import { type Diagnostic, type Result, fail, ok } from "@edgewise/graph";
import { z } from "zod";
import { digest, precision } from "./check/scalars.ts";
import type { Digest } from "./facts.ts";
import type { Precision } from "./runtime.ts";

/**
 * What a bundle's benchmark says after it ran on a device: the JSON that `plan measure --import` takes. Every field must be
 * there; what the device cannot tell is null, never 0. Units are in the names. An example: fixtures/results.json.
 */
export interface Results {
  readonly version: 1;
  /** Name of the target, as in plan.yaml; the bundle carries it. */
  readonly target: string;
  /** Id of the candidate, from the bundle's manifest.json. */
  readonly candidate: Digest;
  readonly device: {
    /** Id of the device in the plan; the bundle carries it. */
    readonly id: string;
    /** What the device calls itself: Build.MODEL on Android, hw.machine on Apple ("iPhone15,4"). */
    readonly reported: string;
  };
  readonly os: { readonly name: string; readonly version: string };
  /** The runtime's own version, asked of it where it can tell. */
  readonly runtime: { readonly id: string; readonly version: string };
  readonly backend: {
    /** The candidate's backend. */
    readonly asked: string;
    /** The backend that ran, after every fallback. */
    readonly ran: string;
  };
  /** Each backend that was tried and given up, in order. */
  readonly fallbacks: readonly Fallback[];
  /** Threads of the CPU part; null where the runtime chooses. */
  readonly threads: number | null;
  readonly model: { readonly file: string; readonly sha256: Digest; readonly precision: Precision };
  readonly selfTest: {
    readonly vectors: number;
    readonly passed: number;
    /** Largest difference from the golden vectors, as a share of what the bundle allows: at most 1 passes. Null: not taken. */
    readonly worstOfAllowed: number | null;
  };
  /** Where the layers really ran; null where the runtime does not say. */
  readonly placement: Placement | null;
  /** From a cool device, at once. */
  readonly burst: Timing;
  /** Without a pause for at least a minute; null: not taken. */
  readonly sustained: Timing | null;
  /** Most memory the process had at once. */
  readonly memoryHighWaterBytes: number | null;
  readonly energyJoulesPerInference: number | null;
}

export interface Fallback {
  readonly backend: string;
  readonly cause: (typeof fallbackCauses)[number];
  /** The runtime's own words. */
  readonly message: string;
}

/** Why a backend did not take the model, in classes that each have a next step. */
export const fallbackCauses = ["missing-library", "unsupported-op", "precision", "shape", "os", "other"] as const;

export interface Placement {
  /** True only where the runtime says that nothing was left to the CPU. */
  readonly fullyDelegated: boolean;
  /** Layers of the model as the runtime counts them, and those of them that the accelerator took. */
  readonly layers: number | null;
  readonly delegatedLayers: number | null;
  /** Share of the multiply-accumulates that the accelerator took, 0 to 1. */
  readonly delegatedMacsFraction: number | null;
}

export interface Timing {
  readonly warmUpRuns: number;
  /** Runs that were timed; `durationMs` spans them, pauses included. */
  readonly runs: number;
  readonly durationMs: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
}

/** A result is a few hundred bytes; more is another file. */
export const MAX_RESULTS_CHARACTERS: number = 64 * 1024;

/** Names and messages are for people. */
const MAX_NAME = 200;
const MAX_MESSAGE = 2000;
/** More backends than any runtime has. */
const MAX_FALLBACKS = 16;
/** An hour for one inference, a day for a run of them: beyond, the unit is wrong. */
const MAX_INFERENCE_MS = 3_600_000;
const MAX_DURATION_MS = 86_400_000;
const MAX_RUNS = 10_000_000;

const name = z.string().min(1).max(MAX_NAME);
const milliseconds = z.number().positive().max(MAX_INFERENCE_MS);
const timing: z.ZodType<Timing> = z.strictObject({
  warmUpRuns: z.int().min(0).max(MAX_RUNS), runs: z.int().min(1).max(MAX_RUNS), durationMs: z.number().positive().max(MAX_DURATION_MS),
  p50Ms: milliseconds, p95Ms: milliseconds,
});
const layers = z.int().min(0).max(1_000_000).nullable();

export const resultsDocument: z.ZodType<Results> = z.strictObject({
  version: z.literal(1), target: name, candidate: digest,
  device: z.strictObject({ id: name, reported: name }),
  os: z.strictObject({ name, version: name }),
  runtime: z.strictObject({ id: name, version: name }),
  backend: z.strictObject({ asked: name, ran: name }),
  fallbacks: z.array(z.strictObject({ backend: name, cause: z.enum(fallbackCauses), message: z.string().max(MAX_MESSAGE) })).max(MAX_FALLBACKS),
  threads: z.int().min(1).max(1024).nullable(),
  model: z.strictObject({ file: name, sha256: digest, precision }),
  selfTest: z.strictObject({ vectors: z.int().min(0), passed: z.int().min(0), worstOfAllowed: z.number().min(0).nullable() }),
  placement: z.strictObject({ fullyDelegated: z.boolean(), layers, delegatedLayers: layers, delegatedMacsFraction: z.number().min(0).max(1).nullable() }).nullable(),
  burst: timing, sustained: timing.nullable(),
  memoryHighWaterBytes: z.int().positive().nullable(), energyJoulesPerInference: z.number().positive().nullable(),
}).meta({ title: "results.json", description: "What a bundle's benchmark found on a device, for plan measure --import." });

/** JSON Schema of results.json, for whoever prints one. */
export function resultsJsonSchema(): Readonly<Record<string, unknown>> {
  return { ...z.toJSONSchema(resultsDocument), $id: "results.schema.json" };
}

const AGAIN = "Run the bundle's benchmark again and import what it prints, unchanged.";

/** Reads results.json: every mistake of form, then every one of meaning that the document shows by itself. */
export function readResults(text: string, file: string): Result<Results> {
  const problem = (about: Pick<Diagnostic, "code" | "summary" | "found" | "expected" | "detail">, keyPath?: string): Diagnostic =>
    ({ severity: "error", subject: { kind: "file", path: file, ...(keyPath === undefined ? {} : { keyPath }) }, fix: AGAIN, ...about });
  if (text.length > MAX_RESULTS_CHARACTERS) {
    return fail(problem({ code: "RESULTS_TOO_LARGE", summary: "The file is too large to be one benchmark's results", found: `${text.length} characters`, expected: `at most ${MAX_RESULTS_CHARACTERS}` }));
  }
  let root: unknown;
  try {
    root = JSON.parse(text);
  } catch (error) {
    return fail(problem({ code: "JSON_SYNTAX", summary: "This is not JSON", detail: error instanceof Error ? error.message : "" }));
  }
  const parsed = resultsDocument.safeParse(root);
  if (!parsed.success) {
    return fail(...parsed.error.issues.map((issue) => problem({ code: "RESULTS_INVALID", summary: `${issue.path.join(".") || "the document"}: ${issue.message}` }, issue.path.join("."))));
  }
  const faults = implausible(parsed.data).map(({ at, ...about }) => problem({ code: "RESULTS_IMPLAUSIBLE", ...about }, at));
  return faults.length > 0 ? fail(...faults) : ok(parsed.data);
}

interface Fault {
  readonly at: string;
  readonly summary: string;
  readonly found: string;
  readonly expected: string;
}

/** What cannot be true of any device. */
function implausible({ burst, sustained, selfTest, placement }: Results): readonly Fault[] {
  const faults = [...timingFaults(burst, "burst"), ...(sustained === null ? [] : timingFaults(sustained, "sustained"))];
  if (selfTest.passed > selfTest.vectors) faults.push({ at: "selfTest.passed", summary: "More vectors passed than there are", found: String(selfTest.passed), expected: `at most ${selfTest.vectors}` });
  if (selfTest.passed === selfTest.vectors && selfTest.vectors > 0 && (selfTest.worstOfAllowed ?? 0) > 1) faults.push({ at: "selfTest.worstOfAllowed", summary: "Every vector passed, and yet one differs by more than is allowed", found: String(selfTest.worstOfAllowed), expected: "at most 1" });
  if (placement === null) return faults;
  const { fullyDelegated, layers: all, delegatedLayers: taken, delegatedMacsFraction: share } = placement;
  if (all !== null && taken !== null && taken > all) faults.push({ at: "placement.delegatedLayers", summary: "More layers were delegated than there are", found: String(taken), expected: `at most ${all}` });
  const partly = (all !== null && taken !== null && taken < all) || (share !== null && share < 1);
  if (fullyDelegated && partly) faults.push({ at: "placement.fullyDelegated", summary: "Fully delegated, and yet a part was not", found: `${taken ?? "?"} of ${all ?? "?"} layers, ${share ?? "?"} of the multiply-accumulates`, expected: "all of them, or fullyDelegated: false" });
  return faults;
}

/** Half of the runs take the median or longer, so that together they last at least half of runs · p50; 1 % for rounding. */
function timingFaults({ runs, durationMs, p50Ms, p95Ms }: Timing, at: string): Fault[] {
  const faults: Fault[] = [];
  if (p50Ms > p95Ms) faults.push({ at: `${at}.p95Ms`, summary: "The 95th percentile is below the median", found: `${p95Ms} ms`, expected: `at least ${p50Ms} ms` });
  const least = 0.99 * Math.floor((runs + 1) / 2) * p50Ms;
  if (durationMs < least) faults.push({ at: `${at}.durationMs`, summary: "The runs take longer than the time that spans them", found: `${durationMs} ms`, expected: `at least ${least} ms for ${runs} runs of ${p50Ms} ms` });
  return faults;
}
