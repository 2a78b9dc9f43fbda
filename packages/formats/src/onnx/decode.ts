import { appendTo } from "../protobuf/append.ts";
import { type Cursor, float32, float64, int32, integer, longText, nested, raw, readMessage, repeated, text, wholeFile, wide } from "../protobuf/wire.ts";
import { MAX_NODES, MAX_PORTS, MAX_RANK } from "./limits.ts";
import type { AttributeProto, GraphProto, ModelProto, NodeProto, TensorProto, ValueInfoProto } from "./proto.ts";

/** A ModelProto. Throws WireError. */
export function decodeModel(bytes: Uint8Array): ModelProto {
  const cursor = wholeFile(bytes);
  const model: ModelProto = { irVersion: 0, producer: "", graph: null, opsets: [], metadata: [], functions: [] };
  const opset = appendTo(model.opsets, { most: MAX_PORTS, what: "operator sets", at: cursor });
  const entry = appendTo(model.metadata, { most: MAX_PORTS, what: "metadata entries", at: cursor });
  const local = appendTo(model.functions, { most: MAX_PORTS, what: "functions", at: cursor });
  readMessage(cursor, {
    1: integer((version) => { model.irVersion = version; }),
    2: longText((producer) => { model.producer = producer; }),
    7: nested((inner) => { model.graph = decodeGraph(inner); }),
    8: nested((inner) => opset(decodeOpset(inner))),
    14: nested((inner) => entry(decodeEntry(inner))),
    25: nested((inner) => readMessage(inner, { 1: text(local) })),
  });
  return model;
}

function decodeOpset(cursor: Cursor): ModelProto["opsets"][number] {
  const opset = { domain: "", version: 0 };
  readMessage(cursor, {
    1: text((domain) => { opset.domain = domain; }),
    2: integer((version) => { opset.version = version; }),
  });
  return opset;
}

function decodeEntry(cursor: Cursor): { key: string; value: string } {
  const entry = { key: "", value: "" };
  readMessage(cursor, {
    1: text((key) => { entry.key = key; }),
    2: longText((value) => { entry.value = value; }),
  });
  return entry;
}

function decodeGraph(cursor: Cursor): GraphProto {
  const graph: GraphProto = { name: "", nodes: [], initializers: [], sparseInitializers: 0, inputs: [], outputs: [], valueInfo: [] };
  const values = { most: 4 * MAX_NODES, what: "values", at: cursor };
  const node = appendTo(graph.nodes, { most: MAX_NODES, what: "nodes", at: cursor });
  const initializer = appendTo(graph.initializers, values);
  const [input, output, info] = [appendTo(graph.inputs, values), appendTo(graph.outputs, values), appendTo(graph.valueInfo, values)];
  readMessage(cursor, {
    1: nested((inner) => node(decodeNode(inner))),
    2: text((name) => { graph.name = name; }),
    5: nested((inner) => initializer(decodeTensor(inner))),
    11: nested((inner) => input(decodeValueInfo(inner))),
    12: nested((inner) => output(decodeValueInfo(inner))),
    13: nested((inner) => info(decodeValueInfo(inner))),
    15: nested(() => { graph.sparseInitializers += 1; }),
  });
  return graph;
}

function decodeNode(cursor: Cursor): NodeProto {
  const node: NodeProto = { inputs: [], outputs: [], name: "", opType: "", domain: "", attributes: [] };
  const ports = { most: MAX_PORTS, what: "inputs, outputs or attributes of one node", at: cursor };
  const attribute = appendTo(node.attributes, ports);
  readMessage(cursor, {
    1: text(appendTo(node.inputs, ports)),
    2: text(appendTo(node.outputs, ports)),
    3: text((name) => { node.name = name; }),
    4: text((opType) => { node.opType = opType; }),
    5: nested((inner) => attribute(decodeAttribute(inner))),
    7: text((domain) => { node.domain = domain; }),
  });
  return node;
}

/** AttributeProto.AttributeType by number. */
const attributeKinds: readonly AttributeProto["kind"][] = ["other", "float", "int", "string", "tensor", "other", "floats", "ints", "strings"];

function decodeAttribute(cursor: Cursor): AttributeProto {
  const attribute: AttributeProto = { name: "", kind: "other", float: 0, int: 0, string: "", tensor: null, floats: [], ints: [], strings: [] };
  let implied: AttributeProto["kind"] = "other";
  let declared = 0;
  const as = <T>(kind: AttributeProto["kind"], set: (value: T) => void) => (value: T): void => {
    implied = kind;
    set(value);
  };
  readMessage(cursor, {
    1: text((name) => { attribute.name = name; }),
    2: float32(as("float", (value) => { attribute.float = value; })),
    3: integer(as("int", (value) => { attribute.int = value; })),
    4: longText(as("string", (value) => { attribute.string = value; })),
    5: nested(as("tensor", (inner) => { attribute.tensor = decodeTensor(inner); })),
    7: repeated(float32(as("floats", (value) => { attribute.floats.push(value); }))),
    8: repeated(integer(as("ints", (value) => { attribute.ints.push(value); }))),
    9: longText(as("strings", (value) => { attribute.strings.push(value); })),
    20: int32((kind) => { declared = kind; }),
  });
  attribute.kind = declared === 0 ? implied : attributeKinds[declared] ?? "other";
  return attribute;
}

function decodeTensor(cursor: Cursor): TensorProto {
  const tensor: TensorProto = { name: "", dims: [], dataType: 0, raw: null, floats: [], ints: [], int64s: [], uint64s: [], doubles: [], external: [], isExternal: false };
  const entry = appendTo(tensor.external, { most: 16, what: "external data entries", at: cursor });
  readMessage(cursor, {
    1: repeated(integer(appendTo(tensor.dims, { most: MAX_RANK, what: "dims of a tensor", at: cursor }))),
    2: int32((type) => { tensor.dataType = type; }),
    4: repeated(float32((value) => { tensor.floats.push(value); })),
    5: repeated(int32((value) => { tensor.ints.push(value); })),
    7: repeated(wide((value) => { tensor.int64s.push(value); }, true)),
    8: text((name) => { tensor.name = name; }),
    9: raw((bytes) => { tensor.raw = bytes; }),
    10: repeated(float64((value) => { tensor.doubles.push(value); })),
    11: repeated(wide((value) => { tensor.uint64s.push(value); }, false)),
    13: nested((inner) => entry(decodeEntry(inner))),
    14: int32((location) => { tensor.isExternal = location === 1; }),
  });
  return tensor;
}

/** A TensorProto that stands alone in a file. Throws WireError. */
export function decodeTensorFile(bytes: Uint8Array): TensorProto {
  return decodeTensor(wholeFile(bytes));
}

function decodeValueInfo(cursor: Cursor): ValueInfoProto {
  const info: ValueInfoProto = { name: "", elementType: null, dims: null };
  readMessage(cursor, {
    1: text((name) => { info.name = name; }),
    2: nested((type) => readMessage(type, {
      1: nested((tensor) => readMessage(tensor, {
        1: int32((element) => { info.elementType = element; }),
        2: nested((shape) => { info.dims = decodeShape(shape); }),
      })),
    })),
  });
  return info;
}

function decodeShape(cursor: Cursor): (number | string | null)[] {
  const dims: (number | string | null)[] = [];
  const push = appendTo(dims, { most: MAX_RANK, what: "dims of a value", at: cursor });
  readMessage(cursor, {
    1: nested((inner) => {
      let dim: number | string | null = null;
      readMessage(inner, {
        1: integer((size) => { dim = size; }),
        2: text((name) => { dim = name === "" ? null : name; }),
      });
      push(dim);
    }),
  });
  return dims;
}
