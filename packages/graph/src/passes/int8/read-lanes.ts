import type { Graph, Node, ValueId } from "../../graph.ts";
import type { OpName } from "../../op.ts";
import { arithmeticOf } from "../../quant-rule.ts";
import { binaryLanes, unaryLanes } from "./elementwise-lanes.ts";
import type { LaneRule, NodeLanes } from "./lane-rule.ts";
import { type Lanes, anyLanes, hasLanes } from "./lanes.ts";
import { concatLanes, padLanes, reshapeLanes, transposeLanes } from "./move-lanes.ts";
import { understood } from "./understood.ts";
import { meanLanes, poolLanes, sumLanes } from "./window-lanes.ts";

/** What each op does to lanes; an op without a rule keeps all lanes of its operands and its results. */
const rules: Partial<Record<OpName, LaneRule>> = {
  Conv: sumLanes, Gemm: sumLanes,
  Relu: unaryLanes, Clip: unaryLanes, LeakyRelu: unaryLanes, HardSwish: unaryLanes, Sigmoid: unaryLanes, Tanh: unaryLanes,
  Identity: unaryLanes, Quantize: unaryLanes,
  Add: binaryLanes, Sub: binaryLanes, Mul: binaryLanes, Min: binaryLanes, Max: binaryLanes, PRelu: binaryLanes,
  MaxPool: poolLanes, AveragePool: poolLanes, GlobalMaxPool: poolLanes, GlobalAveragePool: meanLanes, ReduceMean: meanLanes,
  Reshape: reshapeLanes, Flatten: reshapeLanes, Squeeze: reshapeLanes, Unsqueeze: reshapeLanes,
  Transpose: transposeLanes, Concat: concatLanes, Pad: padLanes, Slice: padLanes,
};

/** What is known of a graph's channels. */
export interface LaneFacts {
  /** By computed int8 value of fixed shape. */
  readonly lanes: ReadonlyMap<ValueId, Lanes>;
  /** By node with a rule that applies there. */
  readonly nodes: ReadonlyMap<Node, NodeLanes>;
}

/** Ranges of all channels, inputs to outputs, in one walk. */
export function readLanes(graph: Graph): LaneFacts {
  const lanes = new Map<ValueId, Lanes>();
  const nodes = new Map<Node, NodeLanes>();
  for (const id of graph.inputs) {
    const value = graph.values.get(id);
    if (value && hasLanes(value)) lanes.set(id, anyLanes(value.shape));
  }
  for (const node of graph.nodes) {
    const found = nodeLanes(graph, node, (id) => lanes.get(id) ?? null);
    if (found) nodes.set(node, found);
    for (const id of node.outputs) {
      const value = graph.values.get(id);
      if (value && hasLanes(value)) lanes.set(id, found?.lanes ?? anyLanes(value.shape));
    }
  }
  return { lanes, nodes };
}

function nodeLanes(graph: Graph, node: Node, lanesOf: (id: ValueId) => Lanes | null): NodeLanes | null {
  const output = graph.values.get(node.outputs[0] ?? "");
  if (node.outputs.length !== 1 || !output || !hasLanes(output)) return null;
  const arithmetic = arithmeticOf(graph, node);
  if (arithmetic !== "int8" && arithmetic !== "quantize") return null;
  return understood(() => rules[node.op]?.({ graph, node, output, lanesOf }) ?? null);
}
