import type { Graph, Node, ValueId } from "./graph.ts";
import { planArena } from "./memory/arena.ts";
import { maxLiveBytes } from "./memory/buffer.ts";
import { lifetimesOf, valueBytes } from "./memory/lifetimes.ts";
import type { Fact, Work } from "./op.ts";
import { ops } from "./ops/registry.ts";
import { inferFacts } from "./shape.ts";

/** One node's bill for one inference. Open dims count as 1. */
export interface NodeWork extends Work {
  readonly node: Node;
  /** Elements and bytes of the constants that it reads; a constant read twice counts at its first reader. */
  readonly parameters: number;
  readonly parameterBytes: number;
  /** Bytes of its results. */
  readonly activationBytes: number;
  /** Bytes of all activations alive while it runs. */
  readonly liveBytes: number;
}

export interface GraphWork extends Work {
  readonly nodes: readonly NodeWork[];
  readonly parameters: number;
  readonly parameterBytes: number;
  readonly activationBytes: number;
  /** Largest sum of activations alive at once, element-wise results in place: no placement needs less. */
  readonly peakLiveBytes: number;
  /** End of the highest block of `planArena` on the same buffers. */
  readonly arenaBytes: number;
}

/** Multiply-accumulates, parameters and memory, node by node and in all, as the file's dtypes would store them. */
export function workOf(graph: Graph): GraphWork {
  const { facts } = inferFacts(graph);
  const buffers = lifetimesOf(graph);
  const counted = new Set<ValueId>();
  const nodes = graph.nodes.map((node, i): NodeWork => {
    const work = ops[node.op].work(node.inputs.map((id) => factAt(facts, id)), node.outputs.map((id) => factAt(facts, id) ?? unknown), node.attrs);
    const constants = node.inputs.filter((id) => id !== null).filter((id) => graph.values.get(id)?.constant && !counted.has(id) && counted.add(id));
    return {
      node, ...work,
      parameters: sum(constants, (id) => elementsOf(graph, id)),
      parameterBytes: sum(constants, (id) => graph.values.get(id)?.constant?.bytes.byteLength ?? 0),
      activationBytes: sum(node.outputs, (id) => valueBytes(graph, id)),
      liveBytes: sum(buffers, (buffer) => (buffer.firstUse <= i + 1 && i + 1 <= buffer.lastUse ? buffer.bytes : 0)),
    };
  });
  return {
    nodes,
    macs: sum(nodes, (node) => node.macs),
    elementOps: sum(nodes, (node) => node.elementOps),
    parameters: sum(nodes, (node) => node.parameters),
    parameterBytes: sum(nodes, (node) => node.parameterBytes),
    activationBytes: sum(nodes, (node) => node.activationBytes),
    peakLiveBytes: maxLiveBytes(buffers),
    arenaBytes: planArena(buffers).peakBytes,
  };
}

const unknown: Fact = { dtype: "float32", shape: null, elements: null };

function factAt(facts: ReadonlyMap<ValueId, Fact>, id: ValueId | null): Fact | null {
  return id === null ? null : (facts.get(id) ?? null);
}

function elementsOf(graph: Graph, id: ValueId): number {
  return (graph.values.get(id)?.shape ?? []).reduce<number>((n, dim) => n * (typeof dim === "number" ? dim : 1), 1);
}

function sum<T>(items: readonly T[], amount: (item: T) => number): number {
  return items.reduce((total, item) => total + amount(item), 0);
}
