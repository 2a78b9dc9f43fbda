import { type Affine, type AffineForm, solveAffine } from "../../epilogue/affine.ts";
import type { Channel } from "../../epilogue/channel.ts";
import type { Numbers } from "../specialize.ts";

/**
 * The one affine epilogue of all layers: y = ssat8((hi32((256 · x + b') · m) - 2^17) >> 10).
 *
 * One form for every layer keeps the shift an immediate operand of code that all layers share. Scales from 2^-17 to 2^-2
 * have a multiplier in it.
 */
export const affineForm: AffineForm = { accumulatorBits: 8, addend: -(2 ** 17), shift: 10 };

/** How the sums of a layer become int8: two instructions where that is proved for each channel, else the reference's own steps. */
export type Requantization =
  | { readonly kind: "affine"; readonly channels: readonly Affine[] }
  | { readonly kind: "exact"; readonly channels: readonly Channel[] };

/**
 * The epilogue of a layer; null when the shared accumulators cannot hold its sums or its factors need a left shift.
 *
 * Both lanes work on 2^8 · x, which must fit int32. Placeholder numbers take the exact form, whose tables are larger.
 */
export function requantizationOf(channels: readonly Channel[], numbers: Numbers): Requantization | null {
  if (!channels.every(fitsExact)) return null;
  if (numbers === "provisional") return { kind: "exact", channels };
  const solved: Affine[] = [];
  for (const channel of channels) {
    const affine = solveAffine(channel, affineForm);
    if (affine === null) return { kind: "exact", channels };
    solved.push(affine);
  }
  return { kind: "affine", channels: solved };
}

function fitsExact({ accumulator: { min, max }, shift }: Channel): boolean {
  return shift <= -1 && shift >= -31 && min >= -(2 ** 23) && max < 2 ** 23;
}
