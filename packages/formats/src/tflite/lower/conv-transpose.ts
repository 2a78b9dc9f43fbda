import { transposedAxes } from "@edgewise/graph/ops";
import { clamped } from "./clamp.ts";
import { biasOf } from "./bias.ts";
import { type Site, int32, int32s, newTensor, operator, tensorAt, valueIn } from "./emission.ts";
import { type Operand, between, dimsOf, intoPicture, numberAttr, operandAt, pictureOf, realWeights, resultAt, valueAt } from "./ports.ts";
import { refuse } from "./refusal.ts";
import { elementBytes } from "./types.ts";

type TransposedAxis = ReturnType<typeof transposedAxes>[number];

/**
 * ConvTranspose as TRANSPOSE_CONV, weights [C, M, kH, kW] → [M, kH, kW, C]; pads that no rule gives are cut off by a SLICE.
 *
 *   SAME: start = floor(total / 2), total = max(0, (in − 1) · stride + kernel − out), in = ceil(out / stride)
 *   VALID: start = 0
 *
 *   groups are parted by SPLIT and joined again; a dilation puts zeros between the taps
 *
 * Source: TFLite kernels/transpose_conv.cc, kernels/padding.h.
 */
export function lowerConvTranspose(site: Site): void {
  const x = operandAt(site, 0);
  const w = valueAt(site, 1);
  if (w === null || !w.constant) return refuse({ why: "its weights are computed by the model", expected: "constant weights" });
  const spatial = dimsOf(x.value).slice(2);
  if (spatial.length > 2) return refuse({ why: "its windows have three axes", expected: "one or two" });
  const [, perGroup = 1, ...kernel] = dimsOf(w);
  const groups = numberAttr(site, "group", 1);
  const axes = transposedAxes(spatial, kernel, site.node.attrs).map((axis) => ({ ...axis, kernel: axis.dilation * (axis.kernel - 1) + 1 }));
  const view = kernel.length === 1 ? [dimsOf(w)[0] ?? 1, perGroup, 1, ...kernel] : dimsOf(w);
  const turned = valueIn(site, w.id, { view, perm: [1, 2, 3, 0], shape: [1, 2, 3, 0].map((axis) => view[axis] ?? 1) });
  const dilations = site.node.attrs["dilations"];
  const weights = realWeights(site, spaced(site, turned, Array.isArray(dilations) ? dilations.map(Number) : []));
  const bias = biasOf(site, { position: 2, count: perGroup * groups });
  const rows = axes.length === 2 ? axes[0] : undefined;
  const work: Work = { input: pictureOf(site, x), weights, bias, rows: rows ?? single, columns: axes.at(-1) ?? single };
  const y: Operand = resultAt(site);
  intoPicture(site, y, (picture) => (groups === 1 ? spreadInto(site, work, picture) : inGroups(site, { work, groups, picture })));
}

/** Weights [M, kH, kW, C] with zeros between their taps, as a dilation puts them. */
function spaced(site: Site, weights: number, dilations: readonly number[]): number {
  const [down, across] = dilations.length === 1 ? [1, dilations[0] ?? 1] : [dilations[0] ?? 1, dilations[1] ?? 1];
  if (down === 1 && across === 1) return weights;
  const { name, type, shape, quant, data } = tensorAt(site, weights);
  if (quant?.zeroPoint.some((zero) => zero !== 0)) return refuse({ why: "it is dilated, with weights that have a zero point", expected: "zero point 0" });
  const [filters = 1, height = 1, width = 1, channels = 1] = shape;
  const pixel = channels * elementBytes[type];
  const [tall, wide] = [down * (height - 1) + 1, across * (width - 1) + 1];
  const bytes = new Uint8Array(filters * tall * wide * pixel);
  for (let at = 0; at < filters * height * width; at++) {
    const [m, i, j] = [Math.floor(at / (height * width)), Math.floor(at / width) % height, at % width];
    bytes.set(data?.subarray(at * pixel, (at + 1) * pixel) ?? [], ((m * tall + i * down) * wide + j * across) * pixel);
  }
  return newTensor(site.emission, `${name}.spaced`, { type, shape: [filters, tall, wide, channels], quant, data: bytes });
}

/** One operator for each group of channels; TRANSPOSE_CONV has none. */
function inGroups(site: Site, { work, groups, picture }: { readonly work: Work; readonly groups: number; readonly picture: number }): void {
  const [from, whole] = [tensorAt(site, work.input), tensorAt(site, picture)];
  const part = (kind: typeof from): readonly number[] => kind.shape.with(3, (kind.shape[3] ?? 0) / groups);
  const inputs = Array.from({ length: groups }, () => between(site, work.input, { shape: part(from) }));
  operator(site, "SPLIT", { inputs: [int32(site, "axis", 3), work.input], outputs: inputs, options: { num_splits: groups } });
  const outputs = inputs.map((input, g) => {
    const to = between(site, picture, { shape: part(whole) });
    const weights = constantPart(site, work.weights, { axis: 3, of: groups, part: g });
    const bias = constantPart(site, work.bias, { axis: 0, of: groups, part: g });
    spreadInto(site, { ...work, input, weights, bias }, to);
    return to;
  });
  operator(site, "CONCATENATION", { inputs: outputs, outputs: [picture], options: { axis: 3, fused_activation_function: "NONE" } });
}

/** One of equal parts of a constant along an axis. */
function constantPart(site: Site, tensor: number, { axis, of, part }: { readonly axis: number; readonly of: number; readonly part: number }): number {
  const { name, type, shape, quant, data } = tensorAt(site, tensor);
  if (data === null) return refuse({ why: "its groups have integer weights without an integer form", fix: "Keep the weights of this layer in float32." });
  const size = (shape[axis] ?? 0) / of;
  const run = shape.slice(axis + 1).reduce((product, dim) => product * dim, 1) * elementBytes[type];
  const rows = Array.from({ length: shape.slice(0, axis).reduce((product, dim) => product * dim, 1) }, (_, row) => data.subarray((row * of + part) * size * run, (row * of + part + 1) * size * run));
  const bytes = new Uint8Array(rows.length * size * run);
  rows.forEach((each, row) => bytes.set(each, row * size * run));
  const many = quant !== null && quant.axis === axis && quant.scale.length > 1;
  const own = many ? { ...quant, scale: quant.scale.slice(part * size, (part + 1) * size), zeroPoint: quant.zeroPoint.slice(part * size, (part + 1) * size) } : quant;
  return newTensor(site.emission, `${name}.group`, { type, shape: shape.with(axis, size), quant: own, data: bytes });
}

const single: TransposedAxis = { input: 1, kernel: 1, stride: 1, dilation: 1, padStart: 0, output: 1 } as TransposedAxis;

interface Work {
  readonly input: number;
  readonly weights: number;
  readonly bias: number;
  readonly rows: TransposedAxis;
  readonly columns: TransposedAxis;
}

function spreadInto(site: Site, work: Work, picture: number): void {
  const axes = [work.rows, work.columns];
  const shape = tensorAt(site, picture).shape;
  const padding = axes.every(isSame) ? "SAME" : axes.every(isValid) ? "VALID" : null;
  const emit = (into: number, rule: "SAME" | "VALID"): void => clamped(site, into, (to, activation) => operator(site, "TRANSPOSE_CONV", {
    inputs: [int32s(site, "shape", tensorAt(site, to).shape), work.weights, work.input, work.bias], outputs: [to],
    options: { padding: rule, stride_w: work.columns.stride, stride_h: work.rows.stride, fused_activation_function: activation },
  }));
  if (padding !== null) return emit(picture, padding);
  const full = axes.map((axis) => Math.max(axis.padStart + axis.output, wholeOf(axis)));
  const whole = between(site, picture, { shape: [shape[0] ?? 1, full[0] ?? 1, full[1] ?? 1, shape[3] ?? 1] });
  emit(whole, "VALID");
  operator(site, "SLICE", { inputs: [whole, int32s(site, "begin", [0, work.rows.padStart, work.columns.padStart, 0]), int32s(site, "size", shape)], outputs: [picture] });
}

/** All that the kernel spreads over. */
function wholeOf({ input, stride, kernel }: TransposedAxis): number {
  return (input - 1) * stride + kernel;
}

function isValid(axis: TransposedAxis): boolean {
  return axis.padStart === 0 && axis.output >= wholeOf(axis) && axis.output - wholeOf(axis) < axis.stride;
}

function isSame({ input, output, stride, kernel, padStart }: TransposedAxis): boolean {
  const total = Math.max(0, (input - 1) * stride + kernel - output);
  return Math.ceil(output / stride) === input && padStart === Math.floor(total / 2);
}
