import { elementCount } from "@edgewise/graph";
import { type Site, newTensor, valueIn } from "./emission.ts";
import { dimsOf, isQuantized, realList, realWeights, valueAt } from "./ports.ts";
import { refuse } from "./refusal.ts";
import { elementBytes } from "./types.ts";

/** The bias, or zeros: kernels of convolutions are quickest with one, and some take none. */
export function biasOf(site: Site, { position, count }: { readonly position: number; readonly count: number }): number {
  const bias = valueAt(site, position);
  if (bias !== null) {
    if (!bias.constant || elementCount(dimsOf(bias)) !== count) return refuse({ why: "its bias is not a constant of one number a channel", found: `[${dimsOf(bias).join(", ")}]`, expected: `[${count}]` });
    return realWeights(site, valueIn(site, bias.id, { view: dimsOf(bias), perm: dimsOf(bias).map((_, axis) => axis), shape: [count] }));
  }
  return noBias(site, count);
}

/** Zeros for an operator that adds nothing. */
export function noBias(site: Site, count: number): number {
  return isQuantized(site) ? zeroBias(site, count) : realList(site, "zeros", { shape: [count], numbers: Array<number>(count).fill(0) });
}

/** A bias of zeros, int32 under int8 and int64 under int16 activations, with the scales that a bias has: input scale · weight scale. */
function zeroBias(site: Site, count: number): number {
  const [input, weight] = [valueAt(site, 0)?.quant, valueAt(site, 1)?.quant];
  if (!input || !weight) return refuse({ why: "its operands have no scales" });
  const scale = weight.scale.map((each) => Math.fround((input.scale[0] ?? 1) * each));
  const quant = { kind: "affine" as const, axis: weight.axis === null ? null : 0, scale, zeroPoint: scale.map(() => 0) };
  const type = valueAt(site, 0)?.dtype === "int16" ? "INT64" : "INT32";
  return newTensor(site.emission, "zeros", { type, shape: [count], quant, data: new Uint8Array(elementBytes[type] * count) });
}
