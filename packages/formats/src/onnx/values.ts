import type { Diagnostic, Dim, Graph, Node, Value } from "@edgewise/graph";
import { dtypeByNumber, dtypeText } from "./dtypes.ts";
import { statedDim } from "./facts.ts";
import { brokenFile } from "./problems.ts";
import type { GraphProto, ValueInfoProto } from "./proto.ts";
import type { StoredTensor } from "./tensor.ts";

interface Parts {
  readonly file: string;
  readonly graph: GraphProto;
  readonly inputs: readonly ValueInfoProto[];
  readonly constants: ReadonlyMap<string, StoredTensor>;
  readonly nodes: readonly Node[];
  readonly problems: Diagnostic[];
}

/** Every value of the graph; an initializer that is also listed as an input is a constant. */
export function graphValues(parts: Parts): Graph["values"] {
  const { graph, inputs, constants, nodes } = parts;
  const annotations = new Map([...graph.valueInfo, ...graph.outputs].map((info) => [info.name, info]));
  const values = new Map<string, Value>();
  for (const info of inputs) values.set(info.name, portValue(info, parts));
  for (const [id, { dtype, shape, bytes }] of constants) values.set(id, { id, dtype, shape, quant: null, constant: { bytes } });
  for (const node of nodes) for (const id of node.outputs) values.set(id, madeValue(id, annotations.get(id)));
  return values;
}

/** A graph input: dims that the file leaves open get a name of their own. */
function portValue(info: ValueInfoProto, { file, problems }: Parts): Value {
  const dtype = info.elementType === null ? null : dtypeByNumber[info.elementType] ?? null;
  if (dtype === null) {
    problems.push(brokenFile(file, {
      code: "ONNX_TENSOR_TYPE", summary: `The input ${info.name} is not a numeric tensor`,
      found: info.elementType === null ? "a sequence, map or optional" : dtypeText(info.elementType), fix: "Export the model with tensor inputs.",
    }));
  }
  const shape = info.dims?.map((dim, axis): Dim => statedDim(dim) ?? `${info.name}_dim${axis}`) ?? null;
  return { id: info.name, dtype: dtype ?? "float32", shape, quant: null, constant: null };
}

/** A computed value: its type and shape follow from the ops; a complete annotation is kept to be checked against them. */
function madeValue(id: string, info: ValueInfoProto | undefined): Value {
  const dtype = info?.elementType === null || info?.elementType === undefined ? null : dtypeByNumber[info.elementType] ?? null;
  const dims = dtype === null ? null : info?.dims?.map(statedDim) ?? null;
  const shape = dims === null || dims.includes(null) ? null : dims.flatMap((dim) => dim ?? []);
  return { id, dtype: dtype ?? "float32", shape, quant: null, constant: null };
}

/** Every value made once; every value read is made. */
export function checkNames(parts: Parts): void {
  const { problems, file, graph, inputs, constants, nodes } = parts;
  const made = new Set<string>(constants.keys());
  const wrong = (summary: string, found: string): void => void problems.push(brokenFile(file, { code: "ONNX_GRAPH", summary, found, fix: "Export the model again." }));
  for (const id of [...inputs.map(({ name }) => name), ...nodes.flatMap(({ outputs }) => outputs)]) {
    if (made.has(id)) wrong("A value is made twice", id);
    made.add(id);
  }
  // With an op refused, what it would have made is missing too: that would only repeat the first problem.
  if (problems.length > 0) return;
  for (const node of nodes) for (const id of node.inputs) if (id !== null && !made.has(id)) wrong(`The node ${node.origin.node} reads a value that nothing makes`, id);
  for (const { name } of graph.outputs) if (!made.has(name)) wrong("An output is made by nothing", name);
  if (graph.outputs.length === 0) wrong("The graph has no outputs", "0 outputs");
}
