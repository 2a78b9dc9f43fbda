import { type Node, type QTensor, type Quant, elementCount, valueOf } from "@edgewise/graph";
import { decodeConstant, ops } from "@edgewise/graph/ops";
import type { Builder, Refusal } from "./builder.ts";

/** Every int8 value once, in order. */
const ALL: Int8Array = Int8Array.from({ length: 256 }, (_, i) => i - 128);

/** Table of an element-wise op of one activation, by the reference arithmetic. */
export function tableOf(node: Node, build: Builder, quants: { readonly input: Quant; readonly output: Quant }): Int8Array | null {
  const evaluate = ops[node.op].evaluateInt8;
  if (evaluate === undefined) return null;
  const x: QTensor = { tensor: { dtype: "int8", shape: [256], data: ALL }, quant: quants.input };
  const rest = node.inputs.slice(1).map((id): QTensor | null => {
    if (id === null) return null;
    const value = valueOf(build.graph, id);
    return { tensor: decodeConstant(value), quant: value.quant ?? quants.input };
  });
  const [result] = evaluate([x, ...rest], [quants.output], node.attrs);
  return result?.data instanceof Int8Array ? result.data : null;
}

/** One activation in, one out, element by element: a table of 256 answers. */
export function lowerUnary(node: Node, build: Builder): Refusal | null {
  const x = node.inputs[0];
  const y = node.outputs[0];
  if (!x || !y) return { refused: `${node.op} has an input and an output.` };
  if (node.inputs.slice(1).some((id) => id !== null && valueOf(build.graph, id).constant === null)) return { refused: `The parameters of ${node.op} must be constants.` };
  const table = tableOf(node, build, { input: build.quant(x), output: build.quant(y) });
  if (table === null) return { refused: `${node.op} has no int8 form.` };
  const input = build.read(x);
  const count = elementCount(build.shape(x));
  build.push({
    kernel: "lookup", parameters: { count },
    arrays: [{ field: "table", use: "table", data: table, comment: `[256], ${node.op}` }],
    inputs: [input], output: build.allocate(y, build.layout(x)), overlapBytes: [count],
  });
  return null;
}
