import { type DType, type Diagnostic, type Result, type Tensor, dtypes, elementCount, fail, ok } from "@edgewise/graph";
import { decodeTensor } from "@edgewise/graph/ops";

/** Largest array that is read, in elements: 1 GiB of float32. */
const MAX_ELEMENTS = 2 ** 28;

/** Headers of real files are below 200 bytes; numpy itself refuses above 10 000. */
const MAX_HEADER_BYTES = 10_000;

/** numpy's kind and byte count. */
const kinds: Readonly<Record<string, DType>> = {
  f8: "float64", f4: "float32", f2: "float16", i8: "int64", i4: "int32", i2: "int16", i1: "int8",
  u8: "uint64", u4: "uint32", u2: "uint16", u1: "uint8", b1: "bool",
};

interface Header {
  readonly dtype: DType;
  readonly littleEndian: boolean;
  readonly shape: readonly number[];
  readonly dataAt: number;
}

/**
 * A `.npy` array, format 1.0 to 3.0, row-major, of numbers or truth values.
 * Errors: NPY_INVALID (not such a file, or its size does not match), NPY_UNSUPPORTED (objects, text, column-major).
 * Source: numpy.lib.format.
 */
export function readNpy(bytes: Uint8Array, file: string): Result<Tensor> {
  const header = readHeader(bytes, file);
  if (!header.ok) return header;
  const { dtype, littleEndian, shape, dataAt } = header.value;
  const elements = elementCount(shape);
  if (elements > MAX_ELEMENTS) return fail(npyError(file, "NPY_INVALID", { found: `${elements} elements`, expected: `at most ${MAX_ELEMENTS}` }));
  const width = dtypes[dtype].bits / 8;
  if (bytes.length - dataAt !== elements * width) {
    return fail(npyError(file, "NPY_INVALID", { found: `${bytes.length - dataAt} bytes of data`, expected: `${elements * width} for [${shape.join(", ")}] ${dtype}` }));
  }
  const content = bytes.slice(dataAt);
  if (!littleEndian) swapBytes(content, width);
  const tensor = decodeTensor(dtype, shape, content);
  if (dtype === "bool") (tensor.data as Uint8Array).forEach((value, i, data) => { data[i] = value === 0 ? 0 : 1; }); // bool is held in Uint8Array
  return ok(tensor);
}

function readHeader(bytes: Uint8Array, file: string): Result<Header> {
  if (bytes.length < 12 || String.fromCharCode(...bytes.subarray(0, 6)) !== "\x93NUMPY") return fail(npyError(file, "NPY_INVALID", { expected: "a .npy file" }));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const wide = (bytes[6] ?? 0) >= 2;
  const textAt = wide ? 12 : 10;
  const length = wide ? view.getUint32(8, true) : view.getUint16(8, true);
  if (length > MAX_HEADER_BYTES || textAt + length > bytes.length) return fail(npyError(file, "NPY_INVALID", { found: `a header of ${length} bytes` }));
  const text = String.fromCharCode(...bytes.subarray(textAt, textAt + length));
  const descr = /'descr'\s*:\s*'([<>|=]?)([a-zA-Z]\d+)'/.exec(text);
  const order = /'fortran_order'\s*:\s*(True|False)/.exec(text);
  const dims = /'shape'\s*:\s*\(([\d,\s]*)\)/.exec(text);
  if (order === null || dims === null) return fail(npyError(file, "NPY_INVALID", { found: "a header that states no shape" }));
  const dtype = kinds[descr?.[2] ?? ""];
  if (dtype === undefined) return fail(npyError(file, "NPY_UNSUPPORTED", { found: text.trim().slice(0, 80), expected: "numbers" }));
  const shape = (dims[1] ?? "").split(",").map((dim) => dim.trim()).filter((dim) => dim !== "").map(Number);
  if (order[1] === "True" && shape.length > 1) return fail(npyError(file, "NPY_UNSUPPORTED", { found: "column-major order", expected: "row-major; numpy.ascontiguousarray" }));
  return ok({ dtype, littleEndian: descr?.[1] !== ">", shape, dataAt: textAt + length });
}

function swapBytes(bytes: Uint8Array, width: number): void {
  for (let at = 0; at < bytes.length; at += width) bytes.subarray(at, at + width).reverse();
}

function npyError(file: string, code: "NPY_INVALID" | "NPY_UNSUPPORTED", words: Pick<Diagnostic, "found" | "expected">): Diagnostic {
  return { code, severity: "error", subject: { kind: "file", path: file }, summary: code === "NPY_INVALID" ? "The array cannot be read" : "This kind of array is not read", ...words, fix: "Write it with numpy.save from a row-major array of numbers." };
}
