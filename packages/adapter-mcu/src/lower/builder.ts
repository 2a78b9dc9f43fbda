import { type Graph, type Node, type Quant, type ValueId, elementCount, invariant, valueOf } from "@edgewise/graph";
import { type Layout, axisOrder, rowMajor, sameLayout } from "../layout.ts";
import type { Activation, ConstantArray, ConstantType, Layer, Parameter } from "../program.ts";
import type { KernelName } from "../kernels/kernel.ts";
import { type CopyAxis, copyPieces } from "./strides.ts";

/** Where a value of the graph lives after lowering. `quant` is null for a float input that nothing has quantized yet. */
export interface Placed {
  readonly activation: string;
  readonly layout: Layout;
  readonly quant: Quant | null;
}

/** Why a node has no kernel, as a sentence for the user. */
export interface Refusal {
  readonly refused: string;
}

/** A layer as an op's lowering states it; the builder adds the node and names the arrays. */
export interface Step {
  readonly kernel: KernelName;
  readonly parameters: Readonly<Record<string, number | null>>;
  readonly arrays?: readonly Table[];
  readonly inputs: readonly string[];
  readonly output: string;
  readonly outputOffsetBytes?: number;
  readonly overlapBytes?: readonly number[];
  readonly macs?: number;
}

/** A constant for the parameter `field`. */
export interface Table {
  readonly field: string;
  readonly use: ConstantArray["use"];
  readonly data: Int8Array | Int32Array;
  readonly comment: string;
}

/** Collects a program while the nodes are walked in order; guards that every value is placed once. */
export class Builder {
  readonly graph: Graph;
  readonly layers: Layer[] = [];
  readonly activations: Activation[] = [];
  readonly #placed = new Map<ValueId, Placed>();
  #node: Node | null = null;

  constructor(graph: Graph) {
    this.graph = graph;
  }

  /** Layers pushed from here on do the work of `node`. */
  begin(node: Node): void {
    this.#node = node;
  }

  /** Fixed shape of a value; an open dim is the caller's bug, adapters see bound graphs. */
  shape(id: ValueId): readonly number[] {
    const { shape } = valueOf(this.graph, id);
    invariant(shape !== null, `${id} has a shape`);
    return shape.map((dim) => {
      invariant(typeof dim === "number", `${id} has a fixed shape`);
      return dim;
    });
  }

  quant(id: ValueId): Quant {
    const quant = this.#placed.get(id)?.quant ?? valueOf(this.graph, id).quant;
    invariant(quant !== null, `${id} carries a quantization fact`);
    return quant;
  }

  placed(id: ValueId): Placed | null {
    return this.#placed.get(id) ?? null;
  }

  place(id: ValueId, placed: Placed): void {
    invariant(!this.#placed.has(id), `${id} is placed once`);
    this.#placed.set(id, placed);
  }

  /** New memory for value `id` in `layout`. */
  allocate(id: ValueId, layout: Layout): string {
    this.activations.push({ id, bytes: elementCount(this.shape(id)) });
    this.place(id, { activation: id, layout, quant: valueOf(this.graph, id).quant });
    return id;
  }

  layout(id: ValueId): Layout {
    const placed = this.#placed.get(id);
    invariant(placed !== undefined, `${id} is placed before it is read`);
    return placed.layout;
  }

  /** Activation that holds `id` in `layout`; moves the bytes when it lies in another order. */
  read(id: ValueId, layout?: Layout): string {
    const placed = this.#placed.get(id);
    invariant(placed !== undefined, `${id} is placed before it is read`);
    if (layout === undefined || sameLayout(placed.layout, layout)) return placed.activation;
    return this.#reorder({ id, placed, layout });
  }

  push(step: Step): void {
    const node = this.#node;
    invariant(node !== null, "a layer belongs to a node");
    const number = String(this.layers.length).padStart(2, "0");
    const parameters: Record<string, Parameter> = { ...step.parameters };
    const arrays = (step.arrays ?? []).map(({ field, use, data, comment }): ConstantArray => {
      const name = `${field}_${number}`;
      parameters[field] = { array: name };
      const type: ConstantType = data instanceof Int8Array ? "int8_t" : "int32_t";
      return { name, type, use, data, comment };
    });
    this.layers.push({
      kernel: step.kernel, origin: node.origin, op: node.op, parameters, arrays, inputs: step.inputs,
      output: step.output, outputOffsetBytes: step.outputOffsetBytes ?? 0,
      overlapBytes: step.overlapBytes ?? step.inputs.map(() => 0), scratchBytes: 0, macs: step.macs ?? 0,
    });
  }

  /** Scratch memory that is not a value of the graph. */
  scratch(bytes: number): string {
    const id = `#${this.activations.length}`;
    this.activations.push({ id, bytes });
    return id;
  }

  #reorder({ id, placed, layout }: { readonly id: ValueId; readonly placed: Placed; readonly layout: Layout }): string {
    const written = rowMajorOf(this.shape(id));
    const axes = commonAxes(placed.layout, layout);
    // Layouts that cut the elements in ways that do not nest have only the written order in common.
    if (axes === null) return this.#reorder({ id, placed: { ...placed, activation: this.#reorder({ id, placed, layout: written }), layout: written }, layout });
    const output = this.scratch(elementCount(this.shape(id)));
    for (const piece of copyPieces(axes)) this.push({ kernel: "copy", ...piece, inputs: [placed.activation], output });
    return output;
  }
}

/** Loops over the logical axes in the target's order: strides of the source and of the target; null when their cuts do not nest. */
function commonAxes(from: Layout, to: Layout): readonly CopyAxis[] | null {
  const dims = refine(from, to);
  if (dims === null) return null;
  const source = axisOrder(from, dims);
  const target = axisOrder(to, dims);
  invariant(source !== null && target !== null, "both layouts are orders of the same axes");
  const inStrides = stridesOf(source, dims);
  const outStrides = stridesOf(target, dims);
  return target.map((axis) => ({ count: dims[axis] ?? 1, inStride: inStrides[axis] ?? 0, outStride: outStrides[axis] ?? 0 }));
}

/** Row-major factors that both layouts respect; null when their cuts do not nest. */
function refine(a: Layout, b: Layout): readonly number[] | null {
  const elements = a.factors.reduce((product, factor) => product * factor, 1);
  const cuts = new Set<number>();
  for (const { factors } of [a, b]) {
    let inner = elements;
    for (const factor of factors) {
      inner /= factor;
      cuts.add(inner);
    }
  }
  const dims: number[] = [];
  let outer = elements;
  for (const cut of [...cuts].sort((x, y) => y - x)) {
    if (outer % cut !== 0) return null;
    dims.push(outer / cut);
    outer = cut;
  }
  return dims;
}

/** Bytes between neighbours along each logical axis, for a value stored in `order`. */
export function stridesOf(order: readonly number[], shape: readonly number[]): readonly number[] {
  const strides = shape.map(() => 1);
  let step = 1;
  for (const axis of [...order].reverse()) {
    strides[axis] = step;
    step *= shape[axis] ?? 1;
  }
  return strides;
}

export function rowMajorOf(shape: readonly number[]): Layout {
  return rowMajor(elementCount(shape));
}
