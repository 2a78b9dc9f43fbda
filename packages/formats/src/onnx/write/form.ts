import { type Attr, type Attrs, type Graph, type Node, invariant } from "@edgewise/graph";
import { decodeConstant } from "@edgewise/graph/ops";
import { dtypeByNumber, dtypeNumber } from "../dtypes.ts";

/** Attributes that say what leaving them out says; they would only ask for a newer operator set. */
const defaults: Readonly<Record<string, Readonly<Record<string, Attr>>>> = {
  BatchNormalization: { training_mode: 0 },
  Cast: { saturate: 1, round_mode: "up" },
  DequantizeLinear: { block_size: 0 },
  QuantizeLinear: { block_size: 0, saturate: 1 },
  ReduceMean: { noop_with_empty_axes: 0 },
  Reshape: { allowzero: 0 },
  Shape: { start: 0 },
};

/** The set that ended axes as an attribute of ReduceMean, and Split without sizes. */
export const NEW_FORMS = 18;

/** Attributes in which the file holds an element type as a number. */
const typeAttributes: ReadonlySet<string> = new Set(["to", "output_dtype", "dtype", "precision"]);

/** Attributes that the IR adds to ONNX: a fused clamp, which is written as a node, and the rounding of an int8 mean, which is not written. */
const ownAttributes: ReadonlySet<string> = new Set(["clampMin", "clampMax", "halves"]);

/** The oldest form that says what an IR node says: which inputs, and attributes, the file's node has. */
export interface FileForm {
  /** How many of the node's inputs stay; the others became attributes. */
  readonly inputCount: number;
  readonly attrs: Attrs;
}

/** `opset`: the set that the file will have, as far as is known; below 18 the older forms of ReduceMean and Split exist. */
export function fileForm(graph: Graph, node: Node, opset: number): FileForm {
  const plain = Object.entries(node.attrs).filter(([name, attr]) => !ownAttributes.has(name) && !saysNothing({ graph, opset }, node, { name, attr }));
  const attrs: Attrs = Object.fromEntries(plain.map(([name, attr]) => [name, typeAttributes.has(name) && typeof attr === "string" ? typeNumber(attr) : attr]));
  const axes = node.op === "ReduceMean" && opset < NEW_FORMS ? constantAxes(graph, node.inputs[1] ?? null) : null;
  // Constant axes fit the attribute of older operator sets, which more runtimes read. An empty list means something else there.
  if (axes !== null && axes.length > 0) return { inputCount: 1, attrs: { ...attrs, axes } };
  return { inputCount: node.inputs.length, attrs };
}

function saysNothing({ graph, opset }: { readonly graph: Graph; readonly opset: number }, node: Node, { name, attr }: { readonly name: string; readonly attr: Attr }): boolean {
  if (node.op === "AveragePool" && name === "dilations") return Array.isArray(attr) && attr.every((dilation) => dilation === 1);
  if (node.op === "Split" && name === "num_outputs") return opset < NEW_FORMS && splitsEvenly(graph, node);
  return defaults[node.op]?.[name] === attr;
}

/** Before set 18, leaving the sizes out means equal parts, one per output. */
function splitsEvenly(graph: Graph, node: Node): boolean {
  const shape = graph.values.get(node.inputs[0] ?? "")?.shape ?? null;
  const axis = Number(node.attrs["axis"] ?? 0);
  const dim = shape?.[axis < 0 ? axis + shape.length : axis];
  return typeof dim === "number" && node.attrs["num_outputs"] === node.outputs.length && dim % node.outputs.length === 0;
}

function typeNumber(name: string): number {
  const dtype = dtypeByNumber.find((entry) => entry === name);
  invariant(dtype, `${name} is an element type`);
  return dtypeNumber(dtype);
}

function constantAxes(graph: Graph, id: string | null): readonly number[] | null {
  const value = id === null ? undefined : graph.values.get(id);
  return value?.constant ? Array.from(decodeConstant(value).data, Number) : null;
}
