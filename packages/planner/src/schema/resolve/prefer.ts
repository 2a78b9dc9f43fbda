import type { Diagnostic } from "@edgewise/graph";
import type { DeviceClass } from "../device.ts";
import type { PreferDocument } from "../document.ts";
import { parseQuantity } from "../quantity.ts";
import type { KeyPath, Locator } from "../read/locate.ts";
import type { PreferKey, Target } from "../spec.ts";

/** What "smallest" means where the user does not say: the resource that is scarce on that class of device. */
const defaults: Readonly<Record<DeviceClass, readonly PreferKey[]>> = {
  microcontroller: ["ram", "flash", "latency"],
  board: ["latency", "ram", "bundle"],
  phone: ["bundle", "latency", "ram"],
  laptop: ["latency", "ram", "bundle"],
  browser: ["bundle", "latency", "ram"],
  cloud: ["cost", "latency", "ram"],
};

/** Candidates within 5 % of the best on a key are tied on it: a difference nobody feels must not decide. */
const DEFAULT_TOLERANCE = 0.05;

export function resolvePrefer(
  written: PreferDocument | undefined, device: DeviceClass,
  context: { readonly path: KeyPath; readonly locate: Locator; readonly errors: Diagnostic[] },
): Target["prefer"] {
  if (written === undefined) return { order: defaults[device], tolerance: DEFAULT_TOLERANCE };
  if (Array.isArray(written)) return { order: written, tolerance: DEFAULT_TOLERANCE };
  if (written.tolerance === undefined) return { order: written.order, tolerance: DEFAULT_TOLERANCE };
  const quantity = parseQuantity(written.tolerance, "fraction");
  if (quantity.ok && quantity.value < 1) return { order: written.order, tolerance: quantity.value };
  context.errors.push({
    code: "NOT_A_QUANTITY", severity: "error", subject: context.locate.value([...context.path, "tolerance"]),
    summary: "The tolerance is not a percentage", found: written.tolerance, expected: '"0 %" to less than "100 %"', fix: 'Write it as "5 %".',
  });
  return { order: written.order, tolerance: DEFAULT_TOLERANCE };
}
