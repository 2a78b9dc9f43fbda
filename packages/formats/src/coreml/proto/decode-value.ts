import { elementCount } from "@edgewise/graph";
import { appendTo } from "../../protobuf/append.ts";
import { type Cursor, type Field, WireError, float32, float64, int32, integer, longText, nested, raw, readMessage, repeated, text, wide } from "../../protobuf/wire.ts";
import { milBytes, milDTypeOf } from "../dtypes.ts";
import { MAX_DIM, MAX_LABELS, MAX_RANK } from "../limits.ts";
import { numbers } from "../literal.ts";
import { type MilDType, type MilListType, type MilTensorType, type MilType, type MilValue, tensorType } from "../mil.ts";
import { fields } from "./fields.ts";

/** Contents of a blob of the weight file; null, with a problem reported, when there is none such. */
export type BlobSource = (reference: { readonly fileName: string; readonly offset: number; readonly type: MilTensorType }) => Uint8Array | null;

/** What does not fit into our types; caught with WireError. */
function broken(cursor: Cursor, message: string): WireError {
  return new WireError("broken", message, cursor.start);
}

export function decodeType(cursor: Cursor): MilType | null {
  let type: MilType | null = null;
  readMessage(cursor, {
    [fields.valueType.tensorType]: nested((inner) => { type = decodeTensorType(inner); }),
    [fields.valueType.listType]: nested((inner) => { type = decodeListType(inner); }),
    [fields.valueType.dictionaryType]: nested((inner) => { type = decodeDictionaryType(inner); }),
  });
  return type;
}

function decodeTensorType(cursor: Cursor): MilTensorType {
  let code = 0;
  let rank = 0;
  const shape: (number | null)[] = [];
  const dim = appendTo(shape, { most: MAX_RANK, what: "dims", at: cursor });
  readMessage(cursor, {
    [fields.tensorType.dataType]: integer((value) => { code = value; }),
    [fields.tensorType.rank]: integer((value) => { rank = value; }),
    [fields.tensorType.dimensions]: nested((inner) => dim(decodeDimension(inner))),
  });
  const dtype = milDTypeOf(code);
  if (dtype === null) throw broken(cursor, `element type ${code} is not known`);
  if (rank !== shape.length) throw broken(cursor, `${shape.length} dims for a rank of ${rank}`);
  return tensorType(dtype, shape);
}

function decodeDimension(cursor: Cursor): number | null {
  let size: number | null = null;
  readMessage(cursor, { [fields.dimension.constant]: nested((inner) => {
    let found = 0;
    readMessage(inner, { [fields.constantDimension.size]: integer((value) => { found = value; }) });
    if (found < 0 || found > MAX_DIM) throw broken(inner, `a dim of ${found}`);
    size = found;
  }) });
  return size;
}

function decodeListType(cursor: Cursor): MilListType {
  let element: MilType | null = null;
  let count = 0;
  readMessage(cursor, {
    [fields.listType.type]: nested((inner) => { element = decodeType(inner); }),
    [fields.listType.length]: nested((inner) => { count = decodeDimension(inner) ?? 0; }),
  });
  return { kind: "list", element: tensorOf(cursor, element), count };
}

function decodeDictionaryType(cursor: Cursor): MilType {
  let key: MilType | null = null;
  let value: MilType | null = null;
  readMessage(cursor, {
    [fields.dictionaryType.keyType]: nested((inner) => { key = decodeType(inner); }),
    [fields.dictionaryType.valueType]: nested((inner) => { value = decodeType(inner); }),
  });
  return { kind: "dictionary", key: tensorOf(cursor, key), value: tensorOf(cursor, value) };
}

function tensorOf(cursor: Cursor, type: MilType | null): MilTensorType {
  if (type?.kind === "tensor") return type;
  throw broken(cursor, "a list or map of something other than numbers and strings");
}

/** What an ImmediateValue holds, by kind. */
interface Contents {
  readonly values: number[];
  readonly wides: bigint[];
  readonly strings: string[];
  bytes: Uint8Array | null;
  /** Which of them the file has; null for kinds that are not kept. */
  kind: "values" | "wides" | "strings" | "bytes" | "list" | null;
  field: number;
}

export function decodeValue(cursor: Cursor, blobs: BlobSource): MilValue {
  let type: MilType | null = null;
  const blob = { fileName: "", offset: -1 };
  const contents: Contents = { values: [], wides: [], strings: [], bytes: null, kind: null, field: 0 };
  readMessage(cursor, {
    [fields.value.type]: nested((inner) => { type = decodeType(inner); }),
    [fields.value.immediateValue]: nested((inner) => decodeImmediate(inner, contents, blobs)),
    [fields.value.blobFileValue]: nested((inner) => {
      blob.offset = 0;
      readMessage(inner, { [fields.blob.fileName]: text((name) => { blob.fileName = name; }), [fields.blob.offset]: integer((offset) => { blob.offset = offset; }) });
    }),
  });
  return settled(cursor, { type, blob, contents }, blobs);
}

interface Parts {
  readonly type: MilType | null;
  readonly blob: { readonly fileName: string; readonly offset: number };
  readonly contents: Contents;
}

function settled(cursor: Cursor, { type, blob, contents }: Parts, blobs: BlobSource): MilValue {
  if (type?.kind === "list" && contents.kind === "list" && type.element.dtype === "string") {
    if (contents.strings.length !== type.count) throw broken(cursor, `${contents.strings.length} strings in a list of ${type.count}`);
    return { kind: "strings", type, strings: contents.strings };
  }
  if (type?.kind !== "tensor") return { kind: "other" };
  if (blob.offset !== -1) {
    const bytes = blobs({ ...blob, type });
    return bytes === null ? { kind: "other" } : { kind: "numbers", type, bytes };
  }
  if (type.shape.includes(null)) throw broken(cursor, "a constant with an open dim");
  const count = elementCount(type.shape.map(Number));
  if (type.dtype === "string") {
    if (contents.strings.length !== count) throw broken(cursor, `${contents.strings.length} strings for ${count} elements`);
    return { kind: "strings", type, strings: contents.strings };
  }
  return { kind: "numbers", type, bytes: bytesOf(cursor, { type, contents, count }) };
}

/** The fields in which each type is listed; others stand as bytes. */
const listFields: Readonly<Partial<Record<MilDType, number>>> = {
  fp32: fields.tensor.floats, fp64: fields.tensor.doubles, int32: fields.tensor.ints, int64: fields.tensor.longInts, bool: fields.tensor.bools,
};

function bytesOf(cursor: Cursor, { type, contents, count }: { readonly type: MilTensorType; readonly contents: Contents; readonly count: number }): Uint8Array {
  const { dtype } = type;
  const expected = listFields[dtype] ?? fields.tensor.bytes;
  const size = milBytes(dtype, count);
  // An empty list has no field of its own.
  if (contents.field !== expected && !(contents.kind === null && count === 0)) throw broken(cursor, `numbers of type ${dtype} in field ${contents.field}, not ${expected}`);
  if (expected === fields.tensor.bytes) {
    if ((contents.bytes?.length ?? 0) !== size) throw broken(cursor, `${contents.bytes?.length ?? 0} bytes for ${size}`);
    return contents.bytes ?? new Uint8Array();
  }
  const found = dtype === "int64" ? contents.wides.length : contents.values.length;
  if (found !== count) throw broken(cursor, `${found} numbers for ${count} elements`);
  if (dtype === "int64") return new Uint8Array(BigInt64Array.from(contents.wides).buffer);
  return numbers(dtype, type.shape.map(Number), contents.values).bytes;
}

function decodeImmediate(cursor: Cursor, contents: Contents, blobs: BlobSource): void {
  readMessage(cursor, {
    [fields.immediate.tensor]: nested((inner) => decodeTensor(inner, contents)),
    [fields.immediate.list]: nested((inner) => {
      contents.kind = "list";
      const add = appendTo(contents.strings, { most: MAX_LABELS, what: "entries of a list", at: inner });
      readMessage(inner, { [fields.repeated.values]: nested((value) => {
        const one = decodeValue(value, blobs);
        if (one.kind !== "strings" || one.strings.length !== 1) throw broken(value, "a list of something other than strings");
        add(one.strings[0] ?? "");
      }) });
    }),
  });
}

function decodeTensor(cursor: Cursor, contents: Contents): void {
  const holding = (field: number, kind: Contents["kind"], item: Field): [number, Field] => [field, nested((inner) => {
    contents.kind = kind;
    contents.field = field;
    readMessage(inner, { [fields.repeated.values]: item });
  })];
  const value = (number: number): void => void contents.values.push(number);
  readMessage(cursor, Object.fromEntries([
    holding(fields.tensor.floats, "values", repeated(float32(value))),
    holding(fields.tensor.ints, "values", repeated(int32(value))),
    holding(fields.tensor.bools, "values", repeated(int32((number) => value(number === 0 ? 0 : 1)))),
    holding(fields.tensor.strings, "strings", longText((string) => void contents.strings.push(string))),
    holding(fields.tensor.longInts, "wides", repeated(wide((number) => void contents.wides.push(number), true))),
    holding(fields.tensor.doubles, "values", repeated(float64(value))),
    holding(fields.tensor.bytes, "bytes", raw((bytes) => { contents.bytes = bytes; })),
  ]));
}
