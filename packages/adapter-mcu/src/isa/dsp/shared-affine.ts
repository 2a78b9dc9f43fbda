import { type Affine, affineFits, affineValue, multipliersNear, solvable } from "../../epilogue/affine.ts";
import { biasInterval, biasProblem } from "../../epilogue/bias-interval.ts";
import type { Channel } from "../../epilogue/channel.ts";
import { provesEqual } from "../../epilogue/proof.ts";
import { nearest } from "../../epilogue/range.ts";
import { thresholdsOf } from "../../epilogue/thresholds.ts";
import { affineForm } from "./requantization.ts";

/**
 * Affine epilogues of all channels with one multiplier, proved; null where none is found.
 *
 * The channels have one scale; what differs is the interval of their sums and the bias.
 */
export function sharedAffine(channels: readonly Channel[]): readonly Affine[] | null {
  const [first] = channels;
  if (first === undefined || !channels.every((channel) => solvable(channel, affineForm))) return null;
  const tasks = channels.map((channel) => ({ channel, form: affineForm, thresholds: thresholdsOf(channel) }));
  const problems = tasks.map((task) => biasProblem(task));
  for (const multiplier of multipliersNear(first, affineForm)) {
    const found: Affine[] = [];
    for (const problem of problems) {
      const biases = biasInterval(problem, multiplier);
      if (biases === null) break;
      found.push({ bias: nearest(biases, 0), multiplier });
    }
    const exact = found.length === channels.length && tasks.every(({ channel, thresholds }, c) => {
      const affine = found[c] as Affine;
      return affineFits(channel, affineForm, affine) && provesEqual(channel, (x) => affineValue(affineForm, affine, x), thresholds);
    });
    if (exact) return found;
  }
  return null;
}
