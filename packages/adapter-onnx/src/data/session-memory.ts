import type { Sourced } from "@edgewise/planner/schema";

/** Resident bytes that a process gains with onnxruntime loaded and one small session open. */
export const sessionBaseBytes: Sourced<number> = {
  value: 39_862_272, basis: "measured-similar", ref: "bench/results/onnxruntime-session-memory.json", date: "2026-11-22",
};

/** How much of `sessionBaseBytes` comes and goes with the machine and the network's kinds of kernels: a fraction, either way. */
export const SESSION_BASE_SPREAD = 0.1;

/**
 * Resident bytes for each byte of weights and of live activations. Weights stand in the parsed file and in the kernels'
 * packed form; the arena hands out powers of two and keeps what convolutions unfold. Least squares over four networks
 * in four precisions; `high` is above each of them.
 */
export const residentShares: Sourced<{ readonly weights: Share; readonly activations: Share }> = {
  value: { weights: { low: 1, expected: 3, high: 5 }, activations: { low: 1, expected: 2, high: 4 } },
  basis: "measured-similar", ref: "bench/results/onnxruntime-network-memory.json", date: "2026-11-22",
};

interface Share {
  readonly low: number;
  readonly expected: number;
  readonly high: number;
}
