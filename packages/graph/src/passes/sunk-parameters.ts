import { type Attrs, type Graph, type Node, type Value, type ValueId, valueOf } from "../graph.ts";
import { decodeConstant } from "../tensor-codec.ts";
import { makeIndexConstant } from "./real-constant.ts";
import { freshId } from "./rewrite.ts";

/** Inputs after the data, and attributes, of a node that is to work on its operand before a transpose. */
export interface Parameters {
  readonly inputs: readonly (ValueId | null)[];
  readonly attrs: Attrs;
  readonly values: readonly Value[];
  /** The transpose that is to follow; null for the one that went before. */
  readonly outputPerm: readonly number[] | null;
}

const same: Omit<Parameters, "inputs"> = { attrs: {}, values: [], outputPerm: null };

/**
 * Axes of a node below a transpose y = x permuted by p, said of x: axis i of y is axis p[i] of x.
 *
 *   Concat: the axis · Pad: its axes, or its pads in x's order · ReduceMean: its axes; dims that it drops leave a transpose
 *   of the others
 *
 * Null when they are computed, for an axis outside of the rank, and for a ReduceMean over all axes by default.
 */
export function parametersBelow(graph: Graph, node: Node, perm: readonly number[]): Parameters | null {
  const axisBelow = (axis: number): number | null => perm[axis < 0 ? axis + perm.length : axis] ?? null;
  switch (node.op) {
    case "Concat": {
      const axis = axisBelow(Number(node.attrs["axis"] ?? 0));
      return axis === null ? null : { ...same, inputs: [], attrs: { axis } };
    }
    case "Pad": return padBelow(graph, node, { perm, axisBelow });
    case "ReduceMean": return meanBelow(graph, node, { perm, axisBelow });
    case "Clip": return { ...same, inputs: node.inputs.slice(1) };
    default: return { ...same, inputs: [] };
  }
}

interface Turn {
  readonly perm: readonly number[];
  readonly axisBelow: (axis: number) => number | null;
}

function padBelow(graph: Graph, node: Node, { perm, axisBelow }: Turn): Parameters | null {
  const [, pads = null, fill = null, axes = null] = node.inputs;
  if (axes !== null) {
    const turned = listOf(graph, axes)?.map(axisBelow) ?? null;
    if (turned === null || turned.includes(null)) return null;
    const list = makeIndexConstant(freshId(graph, `${axes}.untransposed`), turned.map(Number));
    return { ...same, inputs: [pads, fill, list.id], values: [list] };
  }
  const numbers = listOf(graph, pads);
  if (pads === null || numbers?.length !== 2 * perm.length) return null;
  const starts = perm.map((_, axis) => numbers[perm.indexOf(axis)] ?? 0);
  const ends = perm.map((_, axis) => numbers[perm.length + perm.indexOf(axis)] ?? 0);
  const list = makeIndexConstant(freshId(graph, `${pads}.untransposed`), [...starts, ...ends]);
  return { ...same, inputs: [list.id, ...(fill === null ? [] : [fill])], values: [list] };
}

function meanBelow(graph: Graph, node: Node, { perm, axisBelow }: Turn): Parameters | null {
  const [, id = null] = node.inputs;
  const axes = listOf(graph, id)?.map(axisBelow) ?? null;
  if (id === null || axes === null || axes.length === 0 || axes.includes(null)) return null;
  const list = makeIndexConstant(freshId(graph, `${id}.untransposed`), axes.map(Number).sort((a, b) => a - b));
  const left = perm.filter((axis) => !axes.includes(axis));
  const ranks = left.toSorted((a, b) => a - b);
  const outputPerm = node.attrs["keepdims"] === 0 ? left.map((axis) => ranks.indexOf(axis)) : null;
  return { ...same, inputs: [list.id], values: [list], outputPerm };
}

function listOf(graph: Graph, id: ValueId | null): readonly number[] | null {
  const value = id === null ? null : valueOf(graph, id);
  return value?.constant ? Array.from(decodeConstant(value).data, Number) : null;
}
