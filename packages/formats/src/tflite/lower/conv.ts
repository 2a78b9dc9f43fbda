import { biasOf } from "./bias.ts";
import { clamped } from "./clamp.ts";
import { type Site, operator } from "./emission.ts";
import { padded } from "./padding.ts";
import { type Operand, dimsOf, intoPicture, numberAttr, operandAt, pictureOf, realWeights, resultAt, turnedConstant, valueAt } from "./ports.ts";
import { refuse } from "./refusal.ts";
import { type Placed, place, windowsOf } from "./window.ts";

/**
 * Conv over x [N, C, (H,) W] as CONV_2D, or as DEPTHWISE_CONV_2D where every group has one channel.
 *
 *   weights [M, C / groups, kH, kW] → [M, kH, kW, C / groups]; depthwise [1, kH, kW, M]
 *   groups of several channels are CONV_2D too, whose groups follow from the channels
 *   pads that no padding rule gives are a PAD in front
 *
 * Source: TFLite kernels/{conv,depthwise_conv}.cc.
 */
export function lowerConv(site: Site): void {
  const x = operandAt(site, 0);
  const w = valueAt(site, 1);
  if (w === null) return refuse({ why: "its weights are missing" });
  const kernel = dimsOf(w).slice(2);
  const placed = place(windowsOf(dimsOf(x.value), kernel, site.node.attrs));
  const groups = numberAttr(site, "group", 1);
  const [filters = 1] = dimsOf(w);
  const depthwise = groups > 1 && groups === dimsOf(x.value)[1];
  const input = padded(site, pictureOf(site, x), { pad: placed.pad, fill: "zero" });
  const weights = realWeights(site, weightsOf(site, depthwise));
  const bias = biasOf(site, { position: 2, count: filters });
  const op = depthwise ? "DEPTHWISE_CONV_2D" : "CONV_2D";
  const multiplier = depthwise ? { depth_multiplier: filters / groups } : {};
  const y: Operand = resultAt(site);
  intoPicture(site, y, (picture) => clamped(site, picture, (into, activation) => operator(site, op, {
    inputs: [input, weights, bias], outputs: [into],
    options: { ...stepsOf(placed), ...multiplier, ...dilationsOf(placed), fused_activation_function: activation },
  })));
}

/** [M, C / groups, (kH,) kW] as the operator stores them. */
function weightsOf(site: Site, depthwise: boolean): number {
  const w = valueAt(site, 1);
  const dims = w === null ? [] : dimsOf(w);
  const view = dims.length === 3 ? [dims[0] ?? 1, dims[1] ?? 1, 1, dims[2] ?? 1] : dims;
  return turnedConstant(site, 1, { view, perm: depthwise ? [1, 2, 3, 0] : [0, 2, 3, 1] });
}

export function stepsOf({ window: { rows, columns }, padding }: Placed): Readonly<Record<string, number | string>> {
  return { padding, stride_w: columns.stride, stride_h: rows.stride };
}

function dilationsOf({ window: { rows, columns } }: Placed): Readonly<Record<string, number>> {
  return { dilation_w_factor: columns.dilation, dilation_h_factor: rows.dilation };
}
