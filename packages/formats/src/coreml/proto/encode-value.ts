import { type BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { invariant } from "@edgewise/graph";
import { milDTypes } from "../dtypes.ts";
import type { MilDType, MilNumbers, MilStrings, MilTensorType, MilType, MilValue } from "../mil.ts";
import { fields } from "./fields.ts";
import { mark, message, packed, text, whole } from "./writer.ts";

/** Where the contents of a large constant stand: a byte offset into the weight file; null for one that is written in place. */
export type BlobOffsets = (value: MilNumbers) => number | null;

/** A system puts the package's folder in place of @model_path. */
export const WEIGHT_REFERENCE = "@model_path/weights/weight.bin";

export function encodeType(writer: BinaryWriter, type: MilType): void {
  const { valueType, listType, dictionaryType, dimension, constantDimension } = fields;
  switch (type.kind) {
    case "tensor":
      message(writer, valueType.tensorType, (inner) => encodeTensorType(inner, type));
      return;
    case "list":
      message(writer, valueType.listType, (inner) => {
        message(inner, listType.type, (element) => encodeType(element, type.element));
        message(inner, listType.length, (length) => message(length, dimension.constant, (size) => whole(size, constantDimension.size, type.count)));
      });
      return;
    case "dictionary":
      message(writer, valueType.dictionaryType, (inner) => {
        message(inner, dictionaryType.keyType, (key) => encodeType(key, type.key));
        message(inner, dictionaryType.valueType, (value) => encodeType(value, type.value));
      });
      return;
    default: (type satisfies never);
  }
}

function encodeTensorType(writer: BinaryWriter, { dtype, shape }: MilTensorType): void {
  const { tensorType, dimension, constantDimension } = fields;
  whole(writer, tensorType.dataType, milDTypes[dtype].number);
  whole(writer, tensorType.rank, shape.length);
  for (const dim of shape) {
    message(writer, tensorType.dimensions, (inner) => {
      if (dim === null) mark(inner, dimension.unknown);
      else message(inner, dimension.constant, (size) => whole(size, constantDimension.size, dim));
    });
  }
}

export function encodeValue(writer: BinaryWriter, value: MilValue, offsets: BlobOffsets): void {
  invariant(value.kind !== "other", "a value that was not kept cannot be written");
  message(writer, fields.value.type, (inner) => encodeType(inner, value.type));
  const offset = value.kind === "numbers" ? offsets(value) : null;
  if (offset !== null) {
    message(writer, fields.value.blobFileValue, (inner) => {
      text(inner, fields.blob.fileName, WEIGHT_REFERENCE);
      whole(inner, fields.blob.offset, offset);
    });
    return;
  }
  message(writer, fields.value.immediateValue, (inner) => {
    if (value.kind === "strings") encodeStrings(inner, value, offsets);
    else message(inner, fields.immediate.tensor, (tensor) => encodeNumbers(tensor, value));
  });
}

/** A list holds each string as a value of its own. */
function encodeStrings(writer: BinaryWriter, { type, strings }: MilStrings, offsets: BlobOffsets): void {
  const { immediate, tensor, repeated } = fields;
  if (type.kind === "list") {
    message(writer, immediate.list, (list) => {
      for (const one of strings) message(list, repeated.values, (inner) => encodeValue(inner, { kind: "strings", type: type.element, strings: [one] }, offsets));
    });
    return;
  }
  message(writer, immediate.tensor, (inner) => message(inner, tensor.strings, (list) => {
    for (const one of strings) list.tag(repeated.values, WireType.LengthDelimited).string(one);
  }));
}

/** The field of TensorValue in which numbers of a type stand; others stand as bytes. */
const listed: Readonly<Partial<Record<MilDType, { readonly field: number; readonly put: (writer: BinaryWriter, view: DataView, index: number) => void }>>> = {
  fp32: { field: fields.tensor.floats, put: (writer, view, index) => writer.float(view.getFloat32(4 * index, true)) },
  fp64: { field: fields.tensor.doubles, put: (writer, view, index) => writer.double(view.getFloat64(8 * index, true)) },
  int32: { field: fields.tensor.ints, put: (writer, view, index) => writer.int32(view.getInt32(4 * index, true)) },
  int64: { field: fields.tensor.longInts, put: (writer, view, index) => writer.int64(view.getBigInt64(8 * index, true)) },
  bool: { field: fields.tensor.bools, put: (writer, view, index) => writer.bool(view.getUint8(index) !== 0) },
};

function encodeNumbers(writer: BinaryWriter, { type, bytes }: MilNumbers): void {
  const list = listed[type.dtype];
  if (list === undefined) {
    message(writer, fields.tensor.bytes, (inner) => inner.tag(fields.repeated.values, WireType.LengthDelimited).bytes(bytes));
    return;
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = (bytes.length * 8) / milDTypes[type.dtype].bits;
  message(writer, list.field, (inner) => packed(inner, fields.repeated.values, (run) => {
    for (let index = 0; index < count; index++) list.put(run, view, index);
  }));
}
