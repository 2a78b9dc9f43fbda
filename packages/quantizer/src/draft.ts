import { type Graph, type Node, type Origin, type Quant, type Uses, type Value, type ValueId, invariant, valueOf } from "@edgewise/graph";
import { freeId } from "./free-id.ts";
import { storedOf } from "./stored.ts";
import { realData } from "./real-data.ts";

/** A graph in the making: nodes in order, values by id, and by which value each id of the source is read. */
export interface GraphDraft {
  readonly source: Graph;
  value(id: ValueId): Value;
  set(value: Value): void;
  /** Adds a value under its id, or the first free id after it; returns the id. */
  add(value: Value): ValueId;
  push(node: Node): void;
  /** Readers of `id` read `instead` from here on. */
  readAs(id: ValueId, instead: ValueId): void;
  reading(id: ValueId): ValueId;
  /** The constant as activations of the draft's type; in place when it has one reader. */
  placeActivation(value: Value, quant: Quant, uses: Uses): ValueId;
  /** The constant with new contents; in place when it has one reader, shared between equal requests. */
  placeConstant(value: Value, uses: Uses): ValueId;
  originNear(id: ValueId): Origin;
  /** Everything that names `from` names `to` instead; `to` takes its type and fact. */
  rename(from: ValueId, to: ValueId): void;
  finish(): Graph;
}

export function newDraft(source: Graph, activation: "int8" | "int16"): GraphDraft {
  const values = new Map(source.values);
  const instead = new Map<ValueId, ValueId>();
  const placed = new Map<string, ValueId>();
  let nodes: Node[] = [];
  const draft: GraphDraft = {
    source,
    value: (id) => valueOf({ ...source, values }, id),
    set: (value) => void values.set(value.id, value),
    add(value) {
      const id = freeId(values, value.id);
      values.set(id, { ...value, id });
      return id;
    },
    push: (node) => void nodes.push(node),
    readAs: (id, other) => void instead.set(id, other),
    reading: (id) => instead.get(id) ?? id,
    placeActivation(value, quant, uses) {
      const stored = storedOf(realData(value), quant, activation);
      return draft.placeConstant({ ...value, dtype: activation, quant, constant: { bytes: new Uint8Array(stored.buffer) } }, uses);
    },
    placeConstant(value, uses) {
      const key = JSON.stringify([value.id, value.dtype, value.quant]);
      const known = placed.get(key);
      if (known !== undefined) return known;
      const alone = uses.consumers(value.id).length === 1 && !uses.isOutput(value.id);
      const id = alone ? value.id : draft.add({ ...value, id: `${value.id}_${value.dtype}` });
      if (alone) values.set(id, value);
      placed.set(key, id);
      return id;
    },
    originNear: (id) => originNear(source, id),
    rename(from, to) {
      const value = values.get(from);
      invariant(value, `the draft has ${from}`);
      values.delete(from);
      values.set(to, { ...value, id: to });
      const swap = <Id extends ValueId | null>(id: Id): Id | ValueId => (id === from ? to : id);
      nodes = nodes.map((node) => ({ ...node, inputs: node.inputs.map(swap), outputs: node.outputs.map(swap) }));
    },
    finish: () => withoutUnnamed({ ...source, nodes, values }),
  };
  return draft;
}

function originNear(graph: Graph, id: ValueId): Origin {
  const node = graph.nodes.find((candidate) => candidate.outputs.includes(id)) ?? graph.nodes.find((candidate) => candidate.inputs.includes(id));
  return node?.origin ?? { file: graph.name, node: id };
}

function withoutUnnamed(graph: Graph): Graph {
  const named = new Set<ValueId>([...graph.inputs, ...graph.outputs]);
  for (const node of graph.nodes) for (const id of [...node.inputs, ...node.outputs]) if (id !== null) named.add(id);
  return { ...graph, values: new Map([...graph.values].filter(([id]) => named.has(id))) };
}
