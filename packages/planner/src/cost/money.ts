import type { Device } from "../schema/device.ts";
import type { Estimate } from "../schema/sourced.ts";
import { type Cost, isKnown, missing, scaled } from "./estimate.ts";

const MS_PER_HOUR = 3_600_000;
const free: Estimate = { low: 0, expected: 0, high: 0, basis: "assumed" };

/**
 * Price of 1000 inferences, one after another on one busy instance, in USD.
 *
 *   USD/1k = usdPerHour · 1000 · ms / 3 600 000
 *
 * A device that its user owns costs the operator nothing, which is assumed, not measured. Idle hours are not in it.
 */
export function usdPer1k(latency: Cost, device: Device): Cost {
  if (device.usdPerHour === null) {
    return device.class === "cloud" ? missing(`${device.id}: price per hour`) : free;
  }
  if (!isKnown(latency)) return latency;
  return scaled(latency, (device.usdPerHour.value * 1000) / MS_PER_HOUR, device.usdPerHour.basis);
}
