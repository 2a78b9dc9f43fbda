import type { Quant, ValueId } from "@edgewise/graph";
import { nearestHalf } from "../half.ts";
import type { Draft } from "./draft.ts";

/** A float16 scale that is off by more than this part of it moves the largest integers by a visible part of a step. */
const SCALE_TOLERANCE = 2 ** -10;

/** Warns where float16 does not hold a scale: COREML_SCALE_ROUNDED. */
export function warnOfRounding(draft: Draft, id: ValueId, { scale }: Quant): void {
  const lost = scale.filter((each) => Math.abs(nearestHalf(each) - each) > each * SCALE_TOLERANCE);
  if (lost.length === 0) return;
  draft.warnings.push({
    code: "COREML_SCALE_ROUNDED", severity: "warning", subject: { kind: "argument", name: id },
    summary: `Scales of ${id} are too small for float16`,
    found: `${lost.length} of ${scale.length} scales, the least ${Math.min(...lost)}`, expected: "scales of at least 2^-14",
    fix: "Compute this model in float32, or keep this value in float16.",
  });
}
