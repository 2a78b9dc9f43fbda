import type { Attrs, Diagnostic, Graph, Node, Origin } from "@edgewise/graph";
import { type NodeAttributes, readAttributes } from "./attributes.ts";
import { constantValue, listed } from "./constants.ts";
import { dtypeByNumber, dtypeText } from "./dtypes.ts";
import { type KnownFacts, knownFacts } from "./facts.ts";
import type { LiftContext, RawNode } from "./lift/lift.ts";
import { lifts } from "./lift/registry.ts";
import { MAX_FILLED_BYTES } from "./limits.ts";
import { brokenFile, isOpName, refusedUse, unsupportedOp } from "./problems.ts";
import type { GraphProto, ModelProto, NodeProto } from "./proto.ts";
import type { ReadOnnxOptions } from "./read.ts";
import { sortNodes } from "./sort-nodes.ts";
import { type StoredTensor, type TensorProblem, storedTensor } from "./tensor.ts";
import { checkNames, graphValues } from "./values.ts";

interface Assembly {
  readonly model: ModelProto;
  readonly graph: GraphProto;
  readonly opset: number;
  readonly options: ReadOnnxOptions;
  /** Every mistake found is appended. */
  readonly problems: Diagnostic[];
}

/** An assembly whose constants and nodes have been read. */
interface Parts extends Assembly {
  readonly constants: Map<string, StoredTensor>;
  readonly raw: readonly RawNode[];
  readonly facts: KnownFacts;
}

/** Messages → graph. Every problem is reported; the graph is meaningful only when there is none. */
export function assemble(assembly: Assembly): Graph {
  const { graph, model, problems, options: { file } } = assembly;
  const constants = readInitializers(assembly);
  const raw = readNodes(assembly, constants);
  const sorted = sortNodes(raw);
  if (sorted === null) problems.push(brokenFile(file, { code: "ONNX_GRAPH", summary: "The nodes form a cycle", fix: "Export the model again." }));
  const facts = knownFacts(constants, new Map([...graph.valueInfo, ...graph.outputs, ...graph.inputs].map((info) => [info.name, info])));
  const parts: Parts = { ...assembly, constants, raw: sorted ?? raw, facts };
  const context = liftContext(parts);
  const nodes = parts.raw.flatMap((node) => lift(node, context, parts));
  const inputs = graph.inputs.filter(({ name }) => !constants.has(name));
  checkNames({ file, graph, inputs, constants, nodes, problems });
  return {
    name: graph.name, inputs: inputs.map(({ name }) => name), outputs: graph.outputs.map(({ name }) => name), nodes,
    values: graphValues({ file, graph, inputs, constants, nodes, problems }),
    metadata: Object.fromEntries(model.metadata.map(({ key, value }) => [key, value])),
  };
}

function readInitializers({ graph, options, problems }: Assembly): Map<string, StoredTensor> {
  const constants = new Map<string, StoredTensor>();
  for (const tensor of graph.initializers) {
    const stored = storedTensor(tensor, options.external);
    if ("code" in stored) problems.push(tensorProblem(stored, options.file, tensor.name));
    else addConstant({ constants, problems, file: options.file }, tensor.name, stored);
  }
  if (graph.sparseInitializers > 0) problems.push(brokenFile(options.file, { code: "ONNX_TENSOR_TYPE", summary: "Sparse constants are not supported", found: `${graph.sparseInitializers} sparse tensors`, fix: "Export the weights as dense tensors." }));
  return constants;
}

function addConstant(to: { readonly constants: Map<string, StoredTensor>; readonly problems: Diagnostic[]; readonly file: string }, name: string, tensor: StoredTensor): void {
  if (to.constants.has(name)) to.problems.push(brokenFile(to.file, { code: "ONNX_GRAPH", summary: "A value is made twice", found: name, fix: "Export the model again." }));
  to.constants.set(name, tensor);
}

function tensorProblem(problem: TensorProblem, file: string, name: string): Diagnostic {
  return { severity: "error", subject: { kind: "file", path: file, keyPath: name }, summary: `The constant ${name || "without a name"} cannot be read`, ...problem };
}

/** Nodes with attributes read, under names that tell them apart; Constant nodes become constants at once. */
function readNodes(assembly: Assembly, constants: Map<string, StoredTensor>): readonly RawNode[] {
  const { graph, options, problems } = assembly;
  const count = new Map<string, number>();
  for (const { name } of graph.nodes) count.set(name, (count.get(name) ?? 0) + 1);
  return graph.nodes.flatMap((proto, index): readonly RawNode[] => {
    const made = proto.outputs.find((id) => id !== "") ?? `node ${index}`;
    const node = proto.name === "" ? made : count.get(proto.name) === 1 ? proto.name : `${proto.name} (${made})`;
    const read = readAttributes(proto, options.external);
    problems.push(...read.problems.map((problem) => tensorProblem(problem, options.file, node)));
    const refused = refusedNode({ proto, read, origin: { file: options.file, node } }, assembly);
    if (refused !== null) problems.push(refused);
    const value = proto.opType === "Constant" && refused === null ? constantValue(read) : null;
    if (value !== null) addConstant({ constants, problems, file: options.file }, proto.outputs[0] ?? "", value);
    if (value !== null || refused !== null) return [];
    return [{ opType: proto.opType, inputs: proto.inputs.map((id) => id === "" ? null : id), outputs: proto.outputs, attrs: read.attrs, tensors: read.tensors, origin: { file: options.file, node } }];
  });
}

interface ReadNode {
  readonly proto: NodeProto;
  readonly read: NodeAttributes;
  readonly origin: Origin;
}

/** Why a node cannot enter, whatever its operator set; null when it may. */
function refusedNode({ proto, read, origin }: ReadNode, { model }: Assembly): Diagnostic | null {
  const { opType, domain } = proto;
  if ((domain !== "" && domain !== "ai.onnx") || model.functions.includes(opType)) return unsupportedOp(origin, opType, domain);
  if (opType === "Constant") return read.problems.length > 0 || constantValue(read) !== null ? null : refusedUse(origin, opType, "its value is a string, or sparse");
  if (!isOpName(opType) && !Object.hasOwn(lifts, opType)) return unsupportedOp(origin, opType, "");
  const [attribute] = read.refused;
  return attribute === undefined ? null : refusedUse(origin, opType, `its attribute ${attribute} has a kind that the vocabulary does not use`);
}

function liftContext({ constants, graph, opset, raw, facts }: Parts): LiftContext {
  const infos = [...graph.inputs, ...graph.outputs, ...graph.valueInfo].map(({ name }) => name);
  const taken = new Set([...constants.keys(), ...infos, ...raw.flatMap(({ inputs, outputs }) => [...inputs, ...outputs])]);
  const used = new Set<string | null>([...graph.outputs.map(({ name }) => name), ...raw.flatMap(({ inputs }) => inputs)]);
  let filledBytes = 0;
  const fresh = (hint: string): string => {
    let id = hint;
    for (let number = 2; taken.has(id); number++) id = `${hint}.${number}`;
    taken.add(id);
    return id;
  };
  const constant = (hint: string, tensor: StoredTensor): string => {
    const id = fresh(hint);
    constants.set(id, tensor);
    return id;
  };
  return {
    opset, constant, fresh,
    factOf: (id) => facts.factOf(id),
    constantOf: (id) => constants.get(id) ?? null,
    int64s: (hint, values) => constant(hint, listed("int64", [values.length], values)),
    scalar: (hint, dtype, value) => constant(hint, listed(dtype, [], [value])),
    isUsed: (id) => used.has(id),
    mayFill: (bytes) => (filledBytes += bytes) <= MAX_FILLED_BYTES,
  };
}

/** A node in the newest form; what it makes is known to the lifts of its readers. */
function lift(node: RawNode, context: LiftContext, { problems, facts }: Parts): readonly Node[] {
  const lifted = Object.hasOwn(lifts, node.opType) ? lifts[node.opType]?.(node, context) ?? [node] : [node];
  if ("refused" in lifted) {
    problems.push(refusedUse(node.origin, node.opType, lifted.refused));
    return [];
  }
  return lifted.flatMap((made): readonly Node[] => {
    if (!isOpName(made.opType)) return []; // a Constant whose tensor is broken: reported when it was read
    const outputs = [...made.outputs];
    while (outputs.length > 0 && outputs[outputs.length - 1] === "") outputs.pop();
    const inputs = [...made.inputs];
    while (inputs.length > 0 && inputs[inputs.length - 1] === null) inputs.pop();
    const entered: Node = {
      op: made.opType, inputs, origin: made.origin, attrs: irAttrs(made.attrs),
      outputs: outputs.map((id, index) => id === "" ? context.fresh(`${made.origin.node}.unused${index}`) : id),
    };
    facts.see(entered);
    return [entered];
  });
}

/** Attributes in which the file holds an element type as a number; the IR holds its name. 0 means: not stated. */
const typeAttributes: ReadonlySet<string> = new Set(["to", "output_dtype", "dtype", "precision"]);

/** Drops `consumed_inputs`, a memory hint of the first operator sets. */
function irAttrs(attrs: Attrs): Attrs {
  return Object.fromEntries(Object.entries(attrs).flatMap(([name, attr]) => {
    if (name === "consumed_inputs") return [];
    if (!typeAttributes.has(name) || typeof attr !== "number") return [[name, attr]];
    return attr === 0 ? [] : [[name, dtypeByNumber[attr] ?? dtypeText(attr)]];
  }));
}
