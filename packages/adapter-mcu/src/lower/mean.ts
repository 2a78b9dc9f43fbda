import { type Node, elementCount } from "@edgewise/graph";
import { activationRange, meanMultiplier, perTensor } from "@edgewise/graph/ops";
import { type Layout, axisOrder, channelsLast, layoutOf } from "../layout.ts";
import type { Builder, Refusal } from "./builder.ts";
import { integerConstant } from "./constant.ts";

/** Mean over axes that are neighbours in memory; an input that lies otherwise is moved first. */
export function lowerMean(node: Node, build: Builder): Refusal | null {
  const x = node.inputs[0];
  const y = node.outputs[0];
  if (!x || !y) return { refused: `${node.op} has an input and an output.` };
  const shape = build.shape(x);
  const axes = axesOf(node, build, shape);
  if (axes === null) return { refused: "The axes of a mean must be constants." };
  const held = [axisOrder(build.layout(x), shape), axisOrder(channelsLast(shape), shape)].find((order) => order != null && runOf(order, axes, shape) !== null);
  const order = held ?? [...shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis)), ...axes];
  const run = runOf(order, axes, shape);
  if (run === null) return { refused: "The axes of a mean must be constants." };
  const layout: Layout = layoutOf(shape, order);
  const quants = { input: build.quant(x), output: build.quant(y) };
  const { multiplier, shift } = meanMultiplier(quants.input, quants.output, run.count);
  const { min, max } = activationRange(quants.output, node.attrs);
  const input = build.read(x, layout);
  build.push({
    kernel: "mean",
    parameters: {
      outer: run.outer, count: run.count, inner: run.inner, offset: -perTensor(quants.input).zeroPoint * run.count,
      multiplier, shift, out_zero: perTensor(quants.output).zeroPoint, clamp_min: min, clamp_max: max,
    },
    inputs: [input],
    output: build.allocate(y, keptLayout({ order, axes, shape, kept: node.attrs["keepdims"] !== 0, output: build.shape(y) })),
    overlapBytes: [run.outer * run.inner],
  });
  return null;
}

function axesOf(node: Node, build: Builder, shape: readonly number[]): readonly number[] | null {
  const all = shape.map((_, axis) => axis);
  if (node.op === "GlobalAveragePool") return all.slice(2);
  const given = node.inputs[1] ? integerConstant(build.graph, node.inputs[1]) : [];
  if (given === null) return null;
  if (given.length === 0) return node.attrs["noop_with_empty_axes"] === 1 ? [] : all;
  return given.map((axis) => (axis < 0 ? axis + shape.length : axis)).sort((a, b) => a - b);
}

interface Run {
  readonly outer: number;
  readonly count: number;
  readonly inner: number;
}

/** The reduced axes as one run of neighbours in `order`; null when kept axes lie between them. */
function runOf(order: readonly number[], axes: readonly number[], shape: readonly number[]): Run | null {
  const real = order.filter((axis) => shape[axis] !== 1);
  const reduced = real.map((axis) => axes.includes(axis));
  const first = reduced.indexOf(true);
  const last = reduced.lastIndexOf(true);
  if (first < 0) return { outer: 1, count: 1, inner: elementCount(shape) };
  if (reduced.slice(first, last + 1).includes(false)) return null;
  const product = (part: readonly number[]): number => elementCount(part.map((axis) => shape[axis] ?? 1));
  return { outer: product(real.slice(0, first)), count: product(real.slice(first, last + 1)), inner: product(real.slice(last + 1)) };
}

interface Kept {
  readonly order: readonly number[];
  readonly axes: readonly number[];
  readonly shape: readonly number[];
  readonly kept: boolean;
  readonly output: readonly number[];
}

/** Layout of the result: the kept axes in the order they had. */
function keptLayout({ order, axes, shape, kept, output }: Kept): Layout {
  if (kept) return layoutOf(output, order);
  const left = shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
  return layoutOf(output, order.filter((axis) => !axes.includes(axis)).map((axis) => left.indexOf(axis)));
}
