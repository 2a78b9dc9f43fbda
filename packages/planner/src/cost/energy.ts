import type { Device } from "../schema/device.ts";
import { type Cost, isKnown, missing, scaled } from "./estimate.ts";

/**
 * Energy of one inference above idle, in joules.
 *
 *   J = activeWatts · ms / 1000
 *
 * Not for devices that change their clock during an inference.
 */
export function energyJoules(latency: Cost, device: Device): Cost {
  if (device.activeWatts === null) return missing(`${device.id}: active power`);
  if (!isKnown(latency)) return latency;
  return scaled(latency, device.activeWatts.value / 1000, device.activeWatts.basis);
}
