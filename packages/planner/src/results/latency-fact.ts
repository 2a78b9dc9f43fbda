import type { DeviceRun, LatencyFact } from "../schema/facts.ts";
import type { Candidate } from "../schema/plan.ts";
import type { Results, Timing } from "../schema/results.ts";
import type { Estimate } from "../schema/sourced.ts";

/**
 * A benchmark's results as the fact that the planner uses, under the candidate's key.
 *
 *   low = the faster median of burst and sustained    expected = burst p50
 *   high = the slower median, so that a budget is met when the device is hot too; burst p95 where it was never made hot
 *
 * Milliseconds. A run that fell back to another backend is a measurement of this bundle on this device all the same: that
 * is how long it takes there, with nothing of it on the backend that was asked for.
 */
export function latencyFactOf(results: Results, candidate: Candidate): LatencyFact {
  const { device, runtime, runtimeVersion, backend, model, precision, resolution } = candidate;
  const { burst, sustained } = results;
  const hot = sustained?.p50Ms ?? burst.p95Ms;
  return {
    kind: "latency", device, runtime, runtimeVersion, backend, model, precision, resolution, runs: burst.runs, p50Ms: burst.p50Ms, p95Ms: burst.p95Ms,
    value: { low: Math.min(burst.p50Ms, hot), expected: burst.p50Ms, high: Math.max(burst.p50Ms, hot), basis: "measured" },
    run: {
      artefact: results.model.sha256, device: results.device.reported, os: `${results.os.name} ${results.os.version}`, threads: results.threads, ranOn: results.backend.ran,
      burst: spanOf(burst), sustained: sustained === null ? null : spanOf(sustained), delegateCoverage: measuredCoverage(results),
      memoryHighWaterBytes: results.memoryHighWaterBytes, energyJoules: results.energyJoulesPerInference,
    },
  };
}

function spanOf({ runs, durationMs, p50Ms, p95Ms }: Timing): DeviceRun["burst"] {
  return { runs, durationMs, p50Ms, p95Ms };
}

/**
 * What the device said of where its layers ran; null where it said nothing.
 *
 * Between none and all, a count of layers says little of the multiply-accumulates: from 0 to 1, with the share of the
 * layers in the middle, or the low end where not even they were counted.
 */
export function measuredCoverage({ backend, placement }: Pick<Results, "backend" | "placement">): Estimate | null {
  const exactly = (share: number): Estimate => ({ low: share, expected: share, high: share, basis: "measured" });
  if (backend.ran !== backend.asked) return exactly(0);
  if (placement === null) return null;
  const { fullyDelegated, layers, delegatedLayers, delegatedMacsFraction } = placement;
  if (fullyDelegated) return exactly(1);
  if (delegatedMacsFraction !== null) return exactly(delegatedMacsFraction);
  if (delegatedLayers === 0) return exactly(0);
  const counted = layers === null || delegatedLayers === null || layers === 0 ? 0 : delegatedLayers / layers;
  return { low: 0, expected: counted, high: 1, basis: "measured" };
}
