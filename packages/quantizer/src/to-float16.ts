import { type Graph, type Node, type Value, type ValueId, indexUses } from "@edgewise/graph";
import { decodeConstant } from "@edgewise/graph/ops";
import { freeId } from "./free-id.ts";
import { halves } from "./half.ts";

/**
 * The graph with every float32 value inside as float16: constants rounded to nearest, a Cast at each border. Inputs and
 * outputs stay float32, so that callers need no half-precision type.
 *
 * Constants beyond ±65504 are held at that limit, so that a large limit of a Clip stays a number. Values with a
 * quantization fact, integers, and the region and scales of a Resize, which are float32 in any graph, are left. What still needs float32 inside is the runtime's matter.
 */
export function toFloat16(graph: Graph): Graph {
  const borders = new Map([...graph.inputs, ...graph.outputs].filter((id) => isFloat32(graph.values.get(id))).map((id) => [id, freeId(graph.values, `${id}_float16`)]));
  const inside = (id: ValueId): ValueId => borders.get(id) ?? id;
  const values = new Map<ValueId, Value>();
  const parameters = resizeParameters(graph);
  for (const [id, value] of graph.values) {
    if (!isFloat32(value) || parameters.has(id)) values.set(id, value);
    else {
      values.set(inside(id), { ...narrowed(value), id: inside(id) });
      if (borders.has(id)) values.set(id, value.constant ? { ...value, constant: null } : value);
    }
  }
  const nodes = graph.nodes.map((node): Node => ({ ...node, inputs: node.inputs.map((id) => id === null ? null : inside(id)), outputs: node.outputs.map(inside) }));
  const enter = graph.inputs.filter((id) => borders.has(id)).map((id) => cast({ from: id, to: inside(id), dtype: "float16", graph }));
  const leave = graph.outputs.filter((id) => borders.has(id) && !graph.inputs.includes(id)).map((id) => cast({ from: inside(id), to: id, dtype: "float32", graph }));
  return { ...graph, values, nodes: [...enter, ...nodes, ...leave] };
}

/** Constants that nothing but Resize reads, and not as its data. */
function resizeParameters(graph: Graph): ReadonlySet<ValueId> {
  const uses = indexUses(graph);
  const ids = graph.nodes.filter(({ op }) => op === "Resize").flatMap(({ inputs }) => inputs.slice(1));
  return new Set(ids.filter((id) => id !== null).filter((id) => graph.values.get(id)?.constant && !uses.isOutput(id) && uses.consumers(id).every((node) => node.op === "Resize" && node.inputs[0] !== id)));
}

function isFloat32(value: Value | undefined): boolean {
  return value?.dtype === "float32" && value.quant === null;
}

function cast({ from, to, dtype, graph }: { readonly from: ValueId; readonly to: ValueId; readonly dtype: "float16" | "float32"; readonly graph: Graph }): Node {
  return { op: "Cast", inputs: [from], outputs: [to], attrs: { to: dtype }, origin: { file: graph.nodes[0]?.origin.file ?? "", node: `${to}_cast` } };
}

function narrowed(value: Value): Value {
  if (!value.constant) return { ...value, dtype: "float16" };
  return { ...value, dtype: "float16", constant: { bytes: halves(decodeConstant(value).data as Float32Array) } }; // float32 is held in Float32Array
}
