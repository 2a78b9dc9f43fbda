import { roundToFormat, smallFloats } from "@edgewise/graph/ops";

/** The nearest float16, ties to even; what lies beyond ±65504 is held there, so that a far limit stays a number. */
export function nearestHalf(x: number): number {
  return roundToFormat(x, smallFloats.float16, true);
}
