import { packedBytes } from "../dtype.ts";
import type { Graph, Node, ValueId } from "../graph.ts";
import type { OpName } from "../op.ts";
import { indexUses } from "../uses.ts";
import type { ArenaBuffer, InPlacePartner } from "./buffer.ts";

/**
 * Ops whose result may lie over a dying data input: element k of the result reads at most element k of that input, and
 * nothing of it afterwards; or the result is the input's bytes under another shape.
 */
const elementWise: ReadonlySet<OpName> = new Set<OpName>([
  "Add", "Sub", "Mul", "Div", "Min", "Max", "Relu", "LeakyRelu", "PRelu", "Elu", "Clip", "Sigmoid", "HardSigmoid", "HardSwish", "Tanh",
  "BatchNormalization", "Identity", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Quantize", "Dequantize",
]);

export interface LifetimeOptions {
  readonly alignmentBytes?: number;
  /** Whether element-wise results may take over a dying input's bytes; true when left out. */
  readonly inPlace?: boolean;
}

/** Bytes of a value in working memory; an open dim counts as 1. 0 when the shape is unknown. */
export function valueBytes(graph: Graph, id: ValueId): number {
  const value = graph.values.get(id);
  if (!value || value.shape === null) return 0;
  return packedBytes(value.dtype, value.shape.reduce<number>((n, dim) => n * (typeof dim === "number" ? dim : 1), 1));
}

/**
 * The blocks of working memory that one inference needs: inputs, outputs and everything between; not constants.
 *
 * Step 0 is before the first node; node i runs in step i + 1; outputs live through the step after the last node. A value
 * nobody reads still needs its bytes while its node runs.
 */
export function lifetimesOf(graph: Graph, options: LifetimeOptions = {}): readonly ArenaBuffer[] {
  const uses = indexUses(graph);
  const stepOf = new Map<Node, number>(graph.nodes.map((node, i) => [node, i + 1]));
  const end = graph.nodes.length + 1;
  const lastUse = (id: ValueId, born: number): number =>
    uses.isOutput(id) ? end : uses.consumers(id).reduce((last, node) => Math.max(last, stepOf.get(node) ?? last), born);
  const alignment = options.alignmentBytes === undefined ? {} : { alignmentBytes: options.alignmentBytes };
  const inputs = graph.inputs.map((id): ArenaBuffer => ({ id, bytes: valueBytes(graph, id), firstUse: 0, lastUse: lastUse(id, 0), ...alignment }));
  const made = graph.nodes.flatMap((node, i) => node.outputs.map((id): ArenaBuffer => {
    const partners = options.inPlace === false ? [] : partnersOf(graph, node, id);
    return {
      id, bytes: valueBytes(graph, id), firstUse: i + 1, lastUse: lastUse(id, i + 1), ...alignment,
      ...(partners.length > 0 ? { inPlaceWith: partners } : {}),
    };
  }));
  return [...inputs, ...made];
}

function partnersOf(graph: Graph, node: Node, output: ValueId): readonly InPlacePartner[] {
  if (!elementWise.has(node.op)) return [];
  const bytes = valueBytes(graph, output);
  const inputs = new Set(node.inputs.filter((id) => id !== null));
  return [...inputs]
    .filter((id) => !graph.values.get(id)?.constant && valueBytes(graph, id) === bytes)
    .map((id) => ({ id, overlapBytes: bytes }));
}
