import {
  type FlatFile, type Table, boolField, bytesField, int32Field, int8Field, numbersField, tableField, tablesField, textField, uint32Field, uint64Field, uint8Field,
} from "./flat.ts";
import { MAX_CHANNELS, MAX_OPERATORS, MAX_PORTS, MAX_RANK, MAX_TENSORS } from "./limits.ts";
import * as schema from "./schema.ts";

/** A file as plain data: nothing in it has been compared with anything else yet. */
export interface ModelFile {
  readonly description: string;
  readonly opCodes: readonly OpCode[];
  readonly buffers: readonly BufferEntry[];
  readonly subgraphs: number;
  /** The first subgraph, which is the model; others are bodies of control flow. Null when there is none. */
  readonly main: Subgraph | null;
}

export interface OpCode {
  /** Name of the builtin operator; of a custom one its own name. */
  readonly name: string;
  readonly custom: boolean;
}

export interface BufferEntry {
  readonly data: Uint8Array | null;
  /** Contents stand behind the FlatBuffer, at an offset of their own. */
  readonly external: boolean;
}

export interface Subgraph {
  readonly name: string;
  readonly tensors: readonly TensorEntry[];
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  readonly operators: readonly OperatorEntry[];
}

export interface TensorEntry {
  readonly index: number;
  readonly name: string;
  readonly type: number;
  readonly shape: readonly number[];
  /** The shape with −1 where a size is open; null when the file does not say. */
  readonly signature: readonly number[] | null;
  readonly buffer: number;
  readonly quantization: QuantizationEntry | null;
  readonly variable: boolean;
  readonly sparse: boolean;
}

export interface QuantizationEntry {
  readonly scale: readonly number[];
  readonly zeroPoint: readonly number[];
  readonly axis: number;
  /** Parameters in a form of their own: custom, or by blocks. */
  readonly special: boolean;
}

export interface OperatorEntry {
  readonly index: number;
  readonly opCode: number;
  /** Tensor indices; −1 where an optional input is left out. */
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  /** The table of the operator's own options, read by its lift. */
  readonly options: Table | null;
}

/** Every table that the graph needs. Errors: `FlatError`. */
export function decodeModel(root: Table): ModelFile {
  const subgraphs = tablesField(root, schema.model.subgraphs, { most: MAX_OPERATORS, what: "subgraphs" });
  return {
    description: textField(root, schema.model.description),
    opCodes: tablesField(root, schema.model.operatorCodes, { most: MAX_OPERATORS, what: "operator codes" }).map(opCodeOf),
    buffers: tablesField(root, schema.model.buffers, { most: MAX_TENSORS, what: "buffers" }).map(bufferOf),
    subgraphs: subgraphs.length,
    main: subgraphs[0] === undefined ? null : subgraphOf(subgraphs[0]),
  };
}

/** Whether the bytes say that they are a TensorFlow Lite file. */
export function identifies({ bytes }: FlatFile): boolean {
  return bytes.length >= 8 && String.fromCharCode(...bytes.subarray(4, 8)) === "TFL3";
}

/** Codes above 126 stand in a field that was added later; the larger one counts. */
function opCodeOf(table: Table): OpCode {
  const code = Math.max(int8Field(table, schema.operatorCode.deprecatedBuiltinCode), int32Field(table, schema.operatorCode.builtinCode));
  const name = schema.builtinOperators[code] ?? `builtin operator ${code}`;
  if (name !== "CUSTOM") return { name, custom: schema.builtinOperators[code] === undefined };
  return { name: textField(table, schema.operatorCode.customCode) || "without a name", custom: true };
}

/** An offset of 1 or less means: none. */
function bufferOf(table: Table): BufferEntry {
  return { data: bytesField(table, schema.buffer.data), external: uint64Field(table, schema.buffer.offset) > 1n };
}

function subgraphOf(table: Table): Subgraph {
  const { subgraph } = schema;
  return {
    name: textField(table, subgraph.name),
    tensors: tablesField(table, subgraph.tensors, { most: MAX_TENSORS, what: "tensors" }).map(tensorOf),
    inputs: indices(table, subgraph.inputs),
    outputs: indices(table, subgraph.outputs),
    operators: tablesField(table, subgraph.operators, { most: MAX_OPERATORS, what: "operators" }).map(operatorOf),
  };
}

function indices(table: Table, field: number): readonly number[] {
  return numbersField(table, field, { kind: "int32", most: MAX_PORTS, what: "inputs or outputs of one operator" }) ?? [];
}

function tensorOf(table: Table, index: number): TensorEntry {
  const { tensor } = schema;
  const quantization = tableField(table, tensor.quantization);
  const dims = (field: number): readonly number[] | null => numbersField(table, field, { kind: "int32", most: MAX_RANK, what: "dims of one tensor" });
  return {
    index,
    name: textField(table, tensor.name),
    type: int8Field(table, tensor.type),
    shape: dims(tensor.shape) ?? [],
    signature: dims(tensor.shapeSignature),
    buffer: uint32Field(table, tensor.buffer),
    quantization: quantization && quantizationOf(quantization),
    variable: boolField(table, tensor.isVariable),
    sparse: tableField(table, tensor.sparsity) !== null,
  };
}

/** Ranges without scales (of training) are no quantization. */
function quantizationOf(table: Table): QuantizationEntry | null {
  const { quantization } = schema;
  const most = { most: MAX_CHANNELS, what: "scales or zero points of one tensor" };
  const scale = numbersField(table, quantization.scale, { kind: "float32", ...most }) ?? [];
  const special = uint8Field(table, quantization.detailsType) !== 0;
  if (scale.length === 0 && !special) return null;
  return {
    scale, special,
    zeroPoint: numbersField(table, quantization.zeroPoint, { kind: "int64", ...most }) ?? [],
    axis: int32Field(table, quantization.quantizedDimension),
  };
}

function operatorOf(table: Table, index: number): OperatorEntry {
  const { operator } = schema;
  return {
    index,
    opCode: uint32Field(table, operator.opcodeIndex),
    inputs: indices(table, operator.inputs),
    outputs: indices(table, operator.outputs),
    options: tableField(table, operator.builtinOptions),
  };
}

