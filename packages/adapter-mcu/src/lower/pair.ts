import { type Node, type Quant, type ValueId, elementCount, invariant, sameQuant, valueOf } from "@edgewise/graph";
import { activationRange, multiplierOf, perTensor, sumNumbers } from "@edgewise/graph/ops";
import { type Layout, axisOrder, channelsLast } from "../layout.ts";
import { type Builder, type Refusal, rowMajorOf, stridesOf } from "./builder.ts";
import { int8Constant } from "./constant.ts";
import { copyParameters, fitsCopy } from "./strides.ts";

/** Two operands of a broadcast op: an activation of the result's shape, and what repeats along it. */
interface Pair {
  readonly a: ValueId;
  readonly b: ValueId;
  readonly y: ValueId;
  /** The operands changed places. */
  readonly swapped: boolean;
}

export function lowerAdd(node: Node, build: Builder): Refusal | null {
  return lowerPair(node, build, "add");
}

export function lowerMul(node: Node, build: Builder): Refusal | null {
  return lowerPair(node, build, "mul");
}

export function lowerPRelu(node: Node, build: Builder): Refusal | null {
  return lowerPair(node, build, "prelu");
}

export function lowerExtremum(node: Node, build: Builder): Refusal | null {
  const facts = [...node.inputs, ...node.outputs].flatMap((id) => (id === null ? [] : [build.quant(id)]));
  if (facts.some((quant) => !sameQuant(quant, facts[0] ?? null))) return { refused: "This op compares stored numbers: operands and result have one scale and zero point." };
  return lowerPair(node, build, node.op === "Min" ? "minimum" : "maximum");
}

type PairKernel = "add" | "mul" | "prelu" | "minimum" | "maximum";

function lowerPair(node: Node, build: Builder, kernel: PairKernel): Refusal | null {
  const pair = pairOf(node, build);
  if ("refused" in pair) return pair;
  const { a, b, y } = pair;
  const quants = { a: build.quant(a), b: build.quant(b), output: build.quant(y) };
  if (quants.b.scale.length !== 1) return { refused: "Operands have one scale for the tensor." };
  const lead = leadOf(build, pair);
  if ("refused" in lead) return lead;
  const { layout, activation: first } = lead;
  const operand = operandOf(build, pair, layout);
  if ("refused" in operand) return operand;
  const count = elementCount(build.shape(y));
  build.push({
    kernel,
    parameters: { constant: null, count, period: operand.period, ...parametersOf({ node, kernel, quants, pair }) },
    arrays: operand.constant === null ? [] : [{ field: "constant", use: "weights", data: operand.constant, comment: `[${operand.constant.length}]` }],
    inputs: operand.activation === null ? [first] : [first, operand.activation],
    output: build.allocate(y, layout),
    overlapBytes: operand.activation === null ? [count] : [count, operand.period === count ? count : 0],
  });
  return null;
}

function parametersOf(of: { readonly node: Node; readonly kernel: PairKernel; readonly quants: PairQuants; readonly pair: Pair }): Readonly<Record<string, number>> {
  switch (of.kernel) {
    case "add": return sumParameters(of.node, of.quants, of.pair);
    case "mul": return productParameters(of.node, of.quants);
    case "prelu": return slopeParameters(of.quants);
    case "minimum": case "maximum": return {};
    default: return of.kernel satisfies never;
  }
}

function pairOf(node: Node, build: Builder): Pair | Refusal {
  const [left, right] = node.inputs;
  const y = node.outputs[0];
  if (!left || !right || !y) return { refused: `${node.op} has two operands and an output.` };
  const elements = elementCount(build.shape(y));
  const whole = (id: ValueId): boolean => valueOf(build.graph, id).constant === null && elementCount(build.shape(id)) === elements;
  if (whole(left)) return { a: left, b: right, y, swapped: false };
  if (whole(right)) return { a: right, b: left, y, swapped: true };
  const activation = [left, right].find((id) => build.placed(id) !== null);
  if (activation === undefined) return { refused: "One operand must be an activation." };
  return { a: activation, b: activation === left ? right : left, y, swapped: activation !== left };
}

/** The first operand at the result's size, and how it and the result lie. */
function leadOf(build: Builder, { a, y }: Pair): { readonly activation: string; readonly layout: Layout } | Refusal {
  const shape = build.shape(y);
  if (elementCount(build.shape(a)) === elementCount(shape)) {
    // After a reshape that cuts through axes it lies in no order of them: it is moved to the written one.
    const layout = axisOrder(build.layout(a), shape) === null ? rowMajorOf(shape) : build.layout(a);
    return { activation: build.read(a, layout), layout };
  }
  const layout = channelsLast(shape);
  const order = axisOrder(layout, shape);
  invariant(order !== null, "a layout of the shape itself");
  const stretched = spread(build, { b: a, ...heldBy(build, a, shape), order, shape, period: null });
  return "refused" in stretched ? stretched : { activation: stretched.activation ?? "", layout };
}

interface Operand {
  readonly constant: Int8Array | null;
  readonly activation: string | null;
  /** Elements that repeat along the first operand as it lies in memory. */
  readonly period: number;
}

/** The second operand in the order in which the first one lies in memory. */
function operandOf(build: Builder, { b, y }: Pair, layout: Layout): Operand | Refusal {
  const shape = build.shape(y);
  const dims = [...shape.map(() => 1), ...build.shape(b)].slice(-shape.length);
  const order = axisOrder(layout, shape);
  invariant(order !== null, "the first operand lies in an order of its axes");
  const period = periodOf(order, dims, shape);
  if (valueOf(build.graph, b).constant !== null) {
    const data = int8Constant(build.graph, b);
    if (data === null) return { refused: "A constant operand must be int8." };
    return { constant: arrange(data, { dims, shape, order }).slice(0, period ?? elementCount(shape)), activation: null, period: period ?? elementCount(shape) };
  }
  const whole = elementCount(dims) === elementCount(shape);
  if (whole) return { constant: null, activation: build.read(b, layout), period: elementCount(shape) };
  return spread(build, { b, ...heldBy(build, b, shape), order, shape, period });
}

/** How an activation that broadcasts to `shape` lies: its layout, its dims and their strides, aligned at the last axis. */
function heldBy(build: Builder, id: ValueId, shape: readonly number[]): Pick<Spreading, "from" | "dims" | "strides"> {
  const own = build.shape(id);
  const from = axisOrder(build.layout(id), own) === null ? rowMajorOf(own) : build.layout(id);
  const extra = shape.length - own.length;
  const strides = [...Array.from({ length: extra }, () => 0), ...stridesOf(axisOrder(from, own) ?? [], own)];
  return { from, dims: [...Array.from({ length: extra }, () => 1), ...own], strides };
}

/** Elements of b that repeat without a gap along a: its axes are the innermost ones and are there in full; null otherwise. */
function periodOf(order: readonly number[], dims: readonly number[], shape: readonly number[]): number | null {
  let period = 1;
  let ended = false;
  for (const axis of [...order].reverse()) {
    if (shape[axis] === 1) continue;
    if (dims[axis] === 1) ended = true;
    else if (ended) return null;
    else period *= shape[axis] ?? 1;
  }
  return period;
}

interface Arranging {
  readonly dims: readonly number[];
  readonly shape: readonly number[];
  readonly order: readonly number[];
}

/** Constant of `dims` broadcast to `shape`, laid out in `order`. */
function arrange(data: Int8Array, { dims, shape, order }: Arranging): Int8Array {
  const strides = stridesOf(dims.map((_, axis) => axis), dims).map((stride, axis) => (dims[axis] === 1 ? 0 : stride));
  const arranged = new Int8Array(elementCount(shape));
  for (let position = 0; position < arranged.length; position++) {
    let rest = position;
    let index = 0;
    for (const axis of [...order].reverse()) {
      const size = shape[axis] ?? 1;
      index += (rest % size) * (strides[axis] ?? 0);
      rest = Math.floor(rest / size);
    }
    arranged[position] = data[index] ?? 0;
  }
  return arranged;
}

interface Spreading extends Arranging {
  readonly b: ValueId;
  /** Layout in which `strides` hold. */
  readonly from: Layout;
  readonly strides: readonly number[];
  readonly period: number | null;
}

/** Copies the smaller activation into the order (and, when it does not repeat, the size) that the larger one has. */
function spread(build: Builder, { b, from, order, shape, dims, strides, period }: Spreading): Operand | Refusal {
  const target = period === null ? shape : dims;
  const outStrides = stridesOf(order, target);
  const axes = order.map((axis) => ({ count: target[axis] ?? 1, inStride: dims[axis] === 1 ? 0 : (strides[axis] ?? 0), outStride: outStrides[axis] ?? 0 }));
  if (!fitsCopy(axes)) return { refused: "The operands broadcast along more than four interleaved axes." };
  const size = period ?? elementCount(shape);
  const straight = axes.filter(({ count }) => count > 1).every(({ inStride, outStride }) => inStride === outStride);
  const input = build.read(b, from);
  if (straight) return { constant: null, activation: input, period: size };
  const output = build.scratch(size);
  build.push({ kernel: "copy", parameters: copyParameters(axes), inputs: [input], output });
  return { constant: null, activation: output, period: size };
}

interface PairQuants {
  readonly a: Quant;
  readonly b: Quant;
  readonly output: Quant;
}

/** `sumNumbers` in the kernel's names; a difference with swapped operands subtracts the first one. */
function sumParameters(node: Node, quants: PairQuants, pair: Pair): Readonly<Record<string, number>> {
  const numbers = sumNumbers(quants, node.attrs);
  const sign = node.op === "Sub" ? -1 : 1;
  return {
    a_multiplier: numbers.a.multiplier, a_shift: numbers.a.shift, a_zero: numbers.aZero,
    b_multiplier: numbers.b.multiplier, b_shift: numbers.b.shift, b_zero: numbers.bZero,
    out_multiplier: numbers.output.multiplier, out_shift: numbers.output.shift, out_zero: numbers.outputZero,
    a_sign: pair.swapped ? sign : 1, b_sign: pair.swapped ? 1 : sign, clamp_min: numbers.range.min, clamp_max: numbers.range.max,
  };
}

function productParameters(node: Node, quants: PairQuants): Readonly<Record<string, number>> {
  const [a, b, output] = [perTensor(quants.a), perTensor(quants.b), perTensor(quants.output)];
  const range = activationRange(quants.output, node.attrs);
  return {
    ...multiplierOf((a.scale * b.scale) / output.scale), a_zero: a.zeroPoint, b_zero: b.zeroPoint, out_zero: output.zeroPoint,
    clamp_min: range.min, clamp_max: range.max,
  };
}

function slopeParameters(quants: PairQuants): Readonly<Record<string, number>> {
  const [a, b, output] = [perTensor(quants.a), perTensor(quants.b), perTensor(quants.output)];
  const above = multiplierOf(a.scale / output.scale);
  const below = multiplierOf((a.scale * b.scale) / output.scale);
  return {
    above_multiplier: above.multiplier, above_shift: above.shift, below_multiplier: below.multiplier, below_shift: below.shift,
    a_zero: a.zeroPoint, b_zero: b.zeroPoint, out_zero: output.zeroPoint,
  };
}
