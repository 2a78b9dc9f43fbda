import type { Sourced } from "@edgewise/planner/schema";

/** Resident bytes that a process gains with LiteRT loaded and one small model open. */
export const runtimeBaseBytes: Sourced<number> = {
  value: 12_832_768, basis: "measured-similar", ref: "bench/results/litert-memory.json", date: "2026-11-23",
};

/** How much of `runtimeBaseBytes` comes and goes with the machine and the network's kinds of kernels: a fraction, either way. */
export const BASE_SPREAD = 0.15;

interface Share {
  readonly low: number;
  readonly expected: number;
  readonly high: number;
}

/**
 * Resident bytes beside the mapped file for each byte of packed weights and of live activations. XNNPACK packs weights
 * again, and keeps paddings and indirection buffers beside its arena. `high` is above each network that was measured.
 */
export const residentShares: Sourced<{ readonly weights: Share; readonly activations: Share }> = {
  value: { weights: { low: 1, expected: 1, high: 2 }, activations: { low: 1, expected: 3, high: 5 } },
  basis: "measured-similar", ref: "bench/results/litert-memory.json", date: "2026-11-23",
};

/** What an accelerator adds to the CPU's bill is measured nowhere here: its end is this many times the CPU's. */
export const ACCELERATOR_SPREAD = 4;
