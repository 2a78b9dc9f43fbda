import { type Attr, type Dim, elementCount } from "@edgewise/graph";
import { type BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { dtypeNumber } from "../dtypes.ts";
import { type Chunks, field, joined, piece, together, written } from "../../protobuf/chunks.ts";
import type { ExternalLayout } from "./external.ts";
import type { FileGraph, FileNode, FilePort, FileTensor } from "./node.ts";

const { LengthDelimited, Varint, Bit32 } = WireType;

export interface Header {
  readonly opset: number;
  readonly irVersion: number;
  readonly producer: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** Tensors whose bytes stand in another file. */
  readonly external: ExternalLayout | null;
}

function text(writer: BinaryWriter, no: number, value: string): void {
  if (value !== "") writer.tag(no, LengthDelimited).string(value);
}

function message(writer: BinaryWriter, no: number, body: (inner: BinaryWriter) => void): void {
  writer.tag(no, LengthDelimited).fork();
  body(writer);
  writer.join();
}

/**
 * ModelProto bytes: fields in number order, attributes and metadata sorted by name, so that equal graphs are equal bytes.
 * Field numbers: github.com/onnx/onnx/blob/main/onnx/onnx.proto
 */
export function encodeModel(graph: FileGraph, header: Header): Uint8Array {
  return joined(together([
    written((writer) => {
      writer.tag(1, Varint).int64(header.irVersion);
      text(writer, 2, header.producer);
    }),
    field(7, encodeGraph(graph, header.external)),
    written((writer) => {
      message(writer, 8, (inner) => inner.tag(2, Varint).int64(header.opset));
      for (const key of Object.keys(header.metadata).sort()) message(writer, 14, (inner) => encodeEntry(inner, key, header.metadata[key] ?? ""));
    }),
  ]));
}

function encodeEntry(writer: BinaryWriter, key: string, value: string): void {
  text(writer, 1, key);
  text(writer, 2, value);
}

function encodeGraph(graph: FileGraph, external: ExternalLayout | null): Chunks {
  return together([
    written((writer) => {
      for (const node of graph.nodes) message(writer, 1, (inner) => encodeNode(inner, node));
      text(writer, 2, graph.name === "" ? "graph" : graph.name);
    }),
    ...graph.tensors.map((tensor) => field(5, encodeTensorProto(tensor, external))),
    written((writer) => {
      for (const port of graph.inputs) message(writer, 11, (inner) => encodePort(inner, port));
      for (const port of graph.outputs) message(writer, 12, (inner) => encodePort(inner, port));
    }),
  ]);
}

function encodeNode(writer: BinaryWriter, node: FileNode): void {
  for (const id of node.inputs) writer.tag(1, LengthDelimited).string(id);
  for (const id of node.outputs) writer.tag(2, LengthDelimited).string(id);
  text(writer, 3, node.name);
  text(writer, 4, node.opType);
  for (const name of Object.keys(node.attrs).sort()) {
    const attr = node.attrs[name];
    if (attr !== undefined) message(writer, 5, (inner) => encodeAttribute(inner, name, attr));
  }
}

/** Attributes of the vocabulary that are floats by definition, even where their value is whole. */
const floatAttributes: ReadonlySet<string> = new Set(["alpha", "beta", "epsilon", "momentum"]);

function encodeAttribute(writer: BinaryWriter, name: string, attr: Attr): void {
  text(writer, 1, name);
  if (typeof attr === "string") writer.tag(4, LengthDelimited).string(attr).tag(20, Varint).int32(3);
  else if (typeof attr === "number" && (floatAttributes.has(name) || !Number.isInteger(attr))) writer.tag(2, Bit32).float(attr).tag(20, Varint).int32(1);
  else if (typeof attr === "number") writer.tag(3, Varint).int64(attr).tag(20, Varint).int32(2);
  else encodeList(writer, attr);
}

/** Lists of the vocabulary hold strings or whole numbers; others are floats. */
function encodeList(writer: BinaryWriter, list: readonly (number | string)[]): void {
  if (list.some((entry) => typeof entry === "string")) {
    for (const entry of list) writer.tag(9, LengthDelimited).string(String(entry));
    writer.tag(20, Varint).int32(8);
  } else if (list.every((entry) => Number.isInteger(entry))) {
    for (const entry of list) writer.tag(8, Varint).int64(Number(entry));
    writer.tag(20, Varint).int32(7);
  } else {
    for (const entry of list) writer.tag(7, Bit32).float(Number(entry));
    writer.tag(20, Varint).int32(6);
  }
}

function encodeTensorProto(tensor: FileTensor, external: ExternalLayout | null): Chunks {
  const head = written((writer) => {
    for (const dim of tensor.shape) writer.tag(1, Varint).int64(dim);
    writer.tag(2, Varint).int32(dtypeNumber(tensor.dtype));
    text(writer, 8, tensor.name);
  });
  const offset = external?.offsets.get(tensor.name);
  if (external === null || offset === undefined) return elementCount(tensor.shape) === 0 ? head : together([head, field(9, piece(tensor.bytes))]);
  return together([head, written((writer) => {
    const entries = [["location", external.location], ["offset", String(offset)], ["length", String(tensor.bytes.length)]] as const;
    for (const [key, value] of entries) message(writer, 13, (inner) => encodeEntry(inner, key, value));
    writer.tag(14, Varint).int32(1);
  })]);
}

function encodePort(writer: BinaryWriter, port: FilePort): void {
  text(writer, 1, port.name);
  message(writer, 2, (type) => message(type, 1, (tensor) => {
    tensor.tag(1, Varint).int32(dtypeNumber(port.dtype));
    if (port.shape !== null) message(tensor, 2, (shape) => port.shape?.forEach((dim) => message(shape, 1, (inner) => encodeDim(inner, dim))));
  }));
}

function encodeDim(writer: BinaryWriter, dim: Dim): void {
  if (typeof dim === "number") writer.tag(1, Varint).int64(dim);
  else text(writer, 2, dim);
}
