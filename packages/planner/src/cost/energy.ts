import type { Device } from "../schema/device.ts";
import { type Cost, isKnown, jointFactor, missing, scaled } from "./estimate.ts";

/**
 * Energy of one inference above idle, in joules.
 *
 *   J    = activeWatts · ms / 1000
 *   high = J · (1 + √((latency.high / latency.expected − 1)² + (activeWattsSpread − 1)²)), low likewise below
 *
 * Without a stated spread the interval is the latency's. Not for devices that change their clock during an inference.
 */
export function energyJoules(latency: Cost, { id, activeWatts, activeWattsSpread }: Device): Cost {
  if (activeWatts === null) return missing(`${id}: active power`);
  if (!isKnown(latency)) return latency;
  const energy = scaled(latency, activeWatts.value / 1000, activeWatts.basis);
  if (activeWattsSpread === undefined || energy.expected <= 0) return energy;
  const { low, expected, high } = energy;
  return {
    ...scaled(energy, 1, activeWattsSpread.basis),
    low: expected / jointFactor(expected / low, activeWattsSpread.value), high: expected * jointFactor(high / expected, activeWattsSpread.value),
  };
}
