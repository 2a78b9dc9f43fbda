import { type Diagnostic, type Result, fail, ok } from "@edgewise/graph";
import type { Device } from "../schema/device.ts";
import type { LatencyFact } from "../schema/facts.ts";
import type { Manifest } from "../schema/manifest.ts";
import type { Lock, Verdict } from "../schema/plan.ts";
import type { Results } from "../schema/results.ts";
import { isSameArtefact } from "../search/keys.ts";
import { contradictions } from "./contradictions.ts";
import type { Finding } from "./finding.ts";
import { latencyFactOf } from "./latency-fact.ts";

export interface AcceptInput {
  readonly results: Results;
  /** Name of the results' file, for diagnostics. */
  readonly file: string;
  readonly lock: Lock;
  /** Of the bundle of the results' target, as it lies on disk. */
  readonly manifest: Manifest;
  /** The device that the bundle's candidate is for. */
  readonly device: Device;
}

export interface Accepted {
  readonly fact: LatencyFact;
  /** What the plan said beside what the device did. */
  readonly findings: readonly Finding[];
  readonly warnings: readonly Diagnostic[];
}

/** Fewer runs put the median of a scheduled system anywhere. */
const LEAST_BURST_RUNS = 30;
/** A phone throttles within minutes; what is shorter is a burst. */
const LEAST_SUSTAINED_MS = 60_000;

/** Results of a bundle as a fact of the lock, or every reason why they are not of this bundle on this device. */
export function acceptResults(input: AcceptInput): Result<Accepted> {
  const { results, lock, manifest } = input;
  const errors = [...identityProblems(input), ...qualityProblems(input)];
  const verdict = verdictOf(lock, results);
  if (verdict === null) {
    errors.push(problem(input, "candidate", {
      code: "RESULTS_CANDIDATE_GONE", summary: `The lock has no such candidate for ${results.target}`, found: results.candidate.slice(0, 12),
      fix: `Run plan make and plan emit ${results.target}, and run the new bundle's benchmark.`,
    }));
  }
  if (errors.length > 0 || verdict === null) return fail(...errors);
  const fact = latencyFactOf(results, manifest.candidate);
  const facts = lock.facts.find((one) => isSameArtefact(one, fact)) ?? null;
  return ok({ fact, findings: contradictions({ results, fact, facts, verdict, budgets: lock.plan.deployments.find(({ target }) => target === results.target)?.budgets ?? [] }), warnings: doubts(input) });
}

function verdictOf({ plan }: Lock, { target, candidate }: Results): Verdict | null {
  const deployment = plan.deployments.find((one) => one.target === target);
  const verdicts = deployment === undefined ? [] : [...(deployment.choice === null ? [] : [deployment.choice]), ...deployment.rejected];
  return verdicts.find((one) => one.candidate.id === candidate) ?? null;
}

function problem({ file }: AcceptInput, keyPath: string, about: Pick<Diagnostic, "code" | "summary" | "found" | "expected" | "detail" | "fix">): Diagnostic {
  return { severity: "error", subject: { kind: "file", path: file, keyPath }, ...about };
}

interface Claim {
  readonly keyPath: string;
  readonly code: string;
  readonly summary: string;
  readonly found: string;
  readonly expected: string;
  /** Left out: run the bundle that lies here. */
  readonly fix?: string;
}

/** Everything that shows the results to be of another bundle, device or runtime. */
function identityProblems(input: AcceptInput): Diagnostic[] {
  const again = `Put bundles/${input.manifest.candidate.target} into the app as it is, and run its benchmark again.`;
  return [...bundleClaims(input), ...deviceClaims(input), ...runtimeClaims(input)].filter(({ found, expected }) => found !== expected)
    .map(({ keyPath, fix, ...about }) => problem(input, keyPath, { ...about, fix: fix ?? again }));
}

function bundleClaims({ results, manifest: { candidate, files } }: AcceptInput): readonly Claim[] {
  const { file, sha256, precision } = results.model;
  const shipped = files.find(({ path }) => path === file);
  return [
    { keyPath: "target", found: results.target, expected: candidate.target, code: "RESULTS_OTHER_TARGET", summary: "The results are of another target's bundle" },
    { keyPath: "candidate", found: results.candidate, expected: candidate.id, code: "RESULTS_OTHER_BUNDLE", summary: "The results are of another bundle than the one that lies here" },
    { keyPath: "model.precision", found: precision, expected: candidate.precision, code: "RESULTS_OTHER_MODEL", summary: "The model is in another precision" },
    shipped === undefined
      ? { keyPath: "model.file", found: file, expected: files.map(({ path }) => path).join(", "), code: "RESULTS_OTHER_MODEL", summary: "The bundle has no such file" }
      : { keyPath: "model.sha256", found: sha256, expected: shipped.sha256, code: "RESULTS_OTHER_MODEL", summary: `${file} on the device is not the one in the bundle` },
  ];
}

function deviceClaims({ results: { device: { id, reported } }, manifest: { candidate }, device }: AcceptInput): readonly Claim[] {
  const known = device.reportedAs?.value ?? [reported];
  return [
    { keyPath: "device.id", found: id, expected: candidate.device, code: "RESULTS_OTHER_DEVICE", summary: "The bundle was made for another device" },
    {
      keyPath: "device.reported", found: reported, expected: known.includes(reported) ? reported : known.join(" or "), code: "RESULTS_OTHER_DEVICE", summary: `The benchmark did not run on a ${device.name}`,
      fix: "Run it on that device; for this one describe it in devices/<id>.yaml and plan for it. What one device does says nothing of another.",
    },
  ];
}

function runtimeClaims({ results: { runtime, backend }, manifest: { candidate } }: AcceptInput): readonly Claim[] {
  const version = runtime.id === candidate.runtime ? candidate.runtimeVersion : runtime.version;
  return [
    { keyPath: "runtime.id", found: runtime.id, expected: candidate.runtime, code: "RESULTS_OTHER_RUNTIME", summary: "The benchmark ran on another runtime" },
    {
      keyPath: "runtime.version", found: runtime.version, expected: version, code: "RESULTS_OTHER_RUNTIME", summary: "The benchmark ran on another version of the runtime",
      fix: `Build the app with ${candidate.runtime} ${candidate.runtimeVersion}, as the bundle says, and run its benchmark again.`,
    },
    { keyPath: "backend.asked", found: backend.asked, expected: candidate.backend, code: "RESULTS_OTHER_BACKEND", summary: "The benchmark asked for another backend" },
  ];
}

/** What makes a measurement of the right thing worthless. */
function qualityProblems(input: AcceptInput): readonly Diagnostic[] {
  const { selfTest, burst, sustained } = input.results;
  const errors: Diagnostic[] = [];
  if (selfTest.passed < selfTest.vectors) {
    errors.push(problem(input, "selfTest.passed", {
      code: "RESULTS_SELF_TEST_FAILED", summary: "The bundle gives wrong answers on this device", found: `${selfTest.passed} of ${selfTest.vectors} vectors`, expected: `${selfTest.vectors} of ${selfTest.vectors}`,
      detail: "How fast wrong answers come is no latency of this model.", fix: "Run the self-test on the CPU backend: if it passes there, the accelerator's driver is at fault; forbid it with targets.<name>.runtimes, or choose another precision.",
    }));
  }
  if (burst.warmUpRuns < 1) errors.push(problem(input, "burst.warmUpRuns", { code: "RESULTS_NO_WARM_UP", summary: "The first run is among those timed", found: "0", expected: "at least 1", fix: "Let the benchmark run once before it counts: the first run also prepares the runtime." }));
  if (burst.runs < LEAST_BURST_RUNS) errors.push(problem(input, "burst.runs", { code: "RESULTS_TOO_FEW_RUNS", summary: "Too few runs for a median", found: String(burst.runs), expected: `at least ${LEAST_BURST_RUNS}`, fix: "Run the benchmark for longer." }));
  if (sustained !== null && sustained.durationMs < LEAST_SUSTAINED_MS) {
    errors.push(problem(input, "sustained.durationMs", { code: "RESULTS_NOT_SUSTAINED", summary: "The sustained run is too short to heat a device", found: `${sustained.durationMs} ms`, expected: `at least ${LEAST_SUSTAINED_MS} ms`, fix: "Run it for longer, or print null." }));
  }
  return errors;
}

/** What could not be checked. */
function doubts(input: AcceptInput): readonly Diagnostic[] {
  const { results, device } = input;
  const doubt = (keyPath: string, about: Pick<Diagnostic, "code" | "summary" | "found" | "fix">): Diagnostic => ({ severity: "warning", subject: { kind: "file", path: input.file, keyPath }, ...about });
  return [
    ...(device.reportedAs === undefined ? [doubt("device.reported", { code: "RESULTS_DEVICE_UNPROVEN", summary: `Nobody has said what a ${device.name} calls itself, so this is taken on trust`, found: results.device.reported, fix: `Add reportedAs: ["${results.device.reported}"] to devices/${device.id}.yaml if it is one.` })] : []),
    ...(results.selfTest.vectors === 0 ? [doubt("selfTest.vectors", { code: "RESULTS_NOT_SELF_TESTED", summary: "No golden vector was run on the device", found: "0", fix: "Name task.evaluation.data in the plan: bundles carry vectors of it." })] : []),
    ...(results.sustained === null ? [doubt("sustained", { code: "RESULTS_NEVER_HOT", summary: "The device was not made hot: the slower end of the latency is its 95th percentile when cool", found: "null", fix: "Run the benchmark's sustained part for a minute or more." })] : []),
  ];
}
