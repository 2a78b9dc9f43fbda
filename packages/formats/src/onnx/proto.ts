/**
 * The messages of an ONNX file that we read, as plain data. Field numbers and meanings follow the public definition:
 * github.com/onnx/onnx/blob/main/onnx/onnx.proto
 */

export interface ModelProto {
  irVersion: number;
  producer: string;
  graph: GraphProto | null;
  opsets: { domain: string; version: number }[];
  metadata: { key: string; value: string }[];
  /** Names of functions that the file defines itself. */
  functions: string[];
}

export interface GraphProto {
  name: string;
  nodes: NodeProto[];
  initializers: TensorProto[];
  sparseInitializers: number;
  inputs: ValueInfoProto[];
  outputs: ValueInfoProto[];
  valueInfo: ValueInfoProto[];
}

export interface NodeProto {
  inputs: string[];
  outputs: string[];
  name: string;
  opType: string;
  domain: string;
  attributes: AttributeProto[];
}

export interface AttributeProto {
  name: string;
  /** Kind as declared, or as the fields that are set imply in files older than the declaration. */
  kind: "float" | "int" | "string" | "tensor" | "floats" | "ints" | "strings" | "other";
  float: number;
  int: number;
  string: string;
  tensor: TensorProto | null;
  floats: number[];
  ints: number[];
  strings: string[];
}

export interface TensorProto {
  name: string;
  dims: number[];
  dataType: number;
  /** Raw little-endian bytes, a view of the file; null when typed fields or external data hold the elements. */
  raw: Uint8Array | null;
  floats: number[];
  ints: number[];
  int64s: bigint[];
  uint64s: bigint[];
  doubles: number[];
  external: { key: string; value: string }[];
  isExternal: boolean;
}

export interface ValueInfoProto {
  name: string;
  /** Null for types other than tensors. */
  elementType: number | null;
  /** Null where the file states no shape; a dim is a size, a name, or null when neither is stated. */
  dims: (number | string | null)[] | null;
}
