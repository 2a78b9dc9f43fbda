import { Builder } from "flatbuffers";
import { builtinOperators } from "../schema.ts";
import * as schema from "../schema.ts";

/** Number of each element type in the file format. */
const typeNumbers = { float32: 0, float16: 1, int32: 2, uint8: 3, int64: 4, string: 5, int16: 7, int8: 9, int4: 17 } as const;

export interface TestTensor {
  readonly name?: string;
  readonly type?: keyof typeof typeNumbers;
  readonly shape: readonly number[];
  readonly signature?: readonly number[];
  /** Contents; left out: computed or fed. A buffer's number shares the contents of the tensor that made it. */
  readonly data?: Uint8Array | readonly number[] | { readonly buffer: number };
  readonly scale?: readonly number[];
  readonly zeroPoint?: readonly number[];
  readonly axis?: number;
  readonly special?: boolean;
  readonly variable?: boolean;
  readonly sparse?: boolean;
}

/** One field of an options table, by number. */
export type TestOption =
  | { readonly field: number; readonly int8: number }
  | { readonly field: number; readonly int32: number }
  | { readonly field: number; readonly float32: number };

export interface TestOperator {
  /** Name of a builtin operator, or of a custom one. */
  readonly op: string;
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  readonly options?: readonly TestOption[];
  /** Number of the options' table in the union of all; other readers ask for it, ours goes by the operator. */
  readonly optionsType?: number;
}

export interface TestModel {
  readonly tensors: readonly TestTensor[];
  readonly operators: readonly TestOperator[];
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  readonly description?: string;
  /** Buffers whose contents are said to stand behind the FlatBuffer. */
  readonly externalBuffers?: boolean;
  /** Codes are written to the old field only, as converters did before 2020. */
  readonly oldCodes?: boolean;
  readonly subgraphs?: number;
  readonly identifier?: string;
  /** The table of the first tensor stands so many times more in the list of tensors. */
  readonly copies?: number;
}

/** A TensorFlow Lite file of a few tensors. */
export function tfliteFile(model: TestModel): Uint8Array {
  const builder = new Builder(1024);
  const contents: Uint8Array[] = [new Uint8Array(0)];
  const buffers = model.tensors.map(({ data, type }) => {
    if (data === undefined) return 0;
    if (!(data instanceof Uint8Array) && "buffer" in data) return data.buffer;
    return contents.push(bytesOf(data, type ?? "float32")) - 1;
  });
  const names = [...new Set(model.operators.map(({ op }) => op))];
  const subgraph = subgraphOf(builder, { model, buffers, names });
  const codes = vector(builder, names.map((name) => codeOf(builder, name, model.oldCodes === true)));
  const data = vector(builder, contents.map((bytes) => bufferOf(builder, bytes, model.externalBuffers === true && bytes.length > 0)));
  const description = builder.createString(model.description ?? "");
  const subgraphs = vector(builder, Array.from({ length: model.subgraphs ?? 1 }, () => subgraph));
  builder.startObject(8);
  builder.addFieldInt32(0, 3, 0);
  builder.addFieldOffset(schema.model.operatorCodes, codes, 0);
  builder.addFieldOffset(schema.model.subgraphs, subgraphs, 0);
  builder.addFieldOffset(schema.model.description, description, 0);
  builder.addFieldOffset(schema.model.buffers, data, 0);
  builder.finish(builder.endObject(), model.identifier ?? "TFL3");
  return builder.asUint8Array().slice();
}

function bytesOf(data: Uint8Array | readonly number[], type: keyof typeof typeNumbers): Uint8Array {
  if (data instanceof Uint8Array) return data;
  switch (type) {
    case "float32": return new Uint8Array(Float32Array.from(data).buffer);
    case "int32": return new Uint8Array(Int32Array.from(data).buffer);
    case "int64": return new Uint8Array(BigInt64Array.from(data, BigInt).buffer);
    case "float16": case "int16": return new Uint8Array(Uint16Array.from(data).buffer);
    default: return Uint8Array.from(data);
  }
}

function codeOf(builder: Builder, name: string, old: boolean): number {
  const known = builtinOperators.indexOf(name);
  const code = known < 0 ? builtinOperators.indexOf("CUSTOM") : known;
  const custom = known < 0 ? builder.createString(name) : 0;
  builder.startObject(4);
  builder.addFieldInt8(schema.operatorCode.deprecatedBuiltinCode, Math.min(code, 127), 0);
  if (custom !== 0) builder.addFieldOffset(schema.operatorCode.customCode, custom, 0);
  if (!old) builder.addFieldInt32(schema.operatorCode.builtinCode, code, 0);
  return builder.endObject();
}

function bufferOf(builder: Builder, bytes: Uint8Array, external: boolean): number {
  builder.startVector(1, bytes.length, 16);
  for (const byte of bytes.toReversed()) builder.addInt8(byte << 24 >> 24);
  const data = builder.endVector();
  builder.startObject(3);
  if (external) {
    builder.addFieldInt64(schema.buffer.offset, 1024n, 0n);
    builder.addFieldInt64(schema.buffer.size, 16n, 0n);
  } else if (bytes.length > 0) builder.addFieldOffset(schema.buffer.data, data, 0);
  return builder.endObject();
}

interface Parts {
  readonly model: TestModel;
  readonly buffers: readonly number[];
  readonly names: readonly string[];
}

function subgraphOf(builder: Builder, { model, buffers, names }: Parts): number {
  const tables = model.tensors.map((tensor, i) => tensorOf(builder, tensor, buffers[i] ?? 0));
  const tensors = vector(builder, [...tables, ...Array<number>(model.copies ?? 0).fill(tables[0] ?? 0)]);
  const operators = vector(builder, model.operators.map((operator) => operatorOf(builder, operator, names.indexOf(operator.op))));
  const [inputs, outputs] = [int32s(builder, model.inputs), int32s(builder, model.outputs)];
  const name = builder.createString("main");
  builder.startObject(6);
  builder.addFieldOffset(schema.subgraph.tensors, tensors, 0);
  builder.addFieldOffset(schema.subgraph.inputs, inputs, 0);
  builder.addFieldOffset(schema.subgraph.outputs, outputs, 0);
  builder.addFieldOffset(schema.subgraph.operators, operators, 0);
  builder.addFieldOffset(schema.subgraph.name, name, 0);
  return builder.endObject();
}

function tensorOf(builder: Builder, tensor: TestTensor, buffer: number): number {
  const name = builder.createString(tensor.name ?? "");
  const shape = int32s(builder, tensor.shape);
  const signature = tensor.signature ? int32s(builder, tensor.signature) : 0;
  const quantization = tensor.scale ? quantizationOf(builder, tensor, tensor.scale) : 0;
  let sparsity = 0;
  if (tensor.sparse) {
    builder.startObject(3);
    sparsity = builder.endObject();
  }
  builder.startObject(10);
  builder.addFieldOffset(schema.tensor.shape, shape, 0);
  builder.addFieldInt8(schema.tensor.type, typeNumbers[tensor.type ?? "float32"], 0);
  builder.addFieldInt32(schema.tensor.buffer, buffer, 0);
  builder.addFieldOffset(schema.tensor.name, name, 0);
  if (quantization !== 0) builder.addFieldOffset(schema.tensor.quantization, quantization, 0);
  builder.addFieldInt8(schema.tensor.isVariable, tensor.variable ? 1 : 0, 0);
  if (sparsity !== 0) builder.addFieldOffset(schema.tensor.sparsity, sparsity, 0);
  if (signature !== 0) builder.addFieldOffset(schema.tensor.shapeSignature, signature, 0);
  return builder.endObject();
}

function quantizationOf(builder: Builder, { zeroPoint, axis, special }: TestTensor, scale: readonly number[]): number {
  builder.startVector(4, scale.length, 4);
  for (const number of scale.toReversed()) builder.addFloat32(number);
  const scales = builder.endVector();
  builder.startVector(8, (zeroPoint ?? []).length, 8);
  for (const number of (zeroPoint ?? []).toReversed()) builder.addInt64(BigInt(number));
  const zeros = builder.endVector();
  builder.startObject(7);
  builder.addFieldOffset(schema.quantization.scale, scales, 0);
  if (zeroPoint) builder.addFieldOffset(schema.quantization.zeroPoint, zeros, 0);
  builder.addFieldInt8(schema.quantization.detailsType, special ? 1 : 0, 0);
  builder.addFieldInt32(schema.quantization.quantizedDimension, axis ?? 0, 0);
  return builder.endObject();
}

function operatorOf(builder: Builder, { inputs, outputs, options, optionsType }: TestOperator, code: number): number {
  const [from, to] = [int32s(builder, inputs), int32s(builder, outputs)];
  let table = 0;
  if (options) {
    builder.startObject(Math.max(0, ...options.map(({ field }) => field)) + 1);
    for (const option of options) {
      if ("int8" in option) builder.addFieldInt8(option.field, option.int8, 0);
      else if ("int32" in option) builder.addFieldInt32(option.field, option.int32, 0);
      else builder.addFieldFloat32(option.field, option.float32, 0);
    }
    table = builder.endObject();
  }
  builder.startObject(14);
  builder.addFieldInt32(schema.operator.opcodeIndex, code, 0);
  builder.addFieldOffset(schema.operator.inputs, from, 0);
  builder.addFieldOffset(schema.operator.outputs, to, 0);
  builder.addFieldInt8(3, optionsType ?? 0, 0);
  if (table !== 0) builder.addFieldOffset(schema.operator.builtinOptions, table, 0);
  return builder.endObject();
}

function vector(builder: Builder, offsets: readonly number[]): number {
  builder.startVector(4, offsets.length, 4);
  for (const offset of offsets.toReversed()) builder.addOffset(offset);
  return builder.endVector();
}

function int32s(builder: Builder, numbers: readonly number[]): number {
  builder.startVector(4, numbers.length, 4);
  for (const number of numbers.toReversed()) builder.addInt32(number);
  return builder.endVector();
}
