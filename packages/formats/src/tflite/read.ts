import { type Diagnostic, type Graph, type Result, type ValueId, fail, ok, verifyGraph } from "@edgewise/graph";
import { assemble } from "./assemble.ts";
import { type ModelFile, decodeModel, identifies } from "./decode.ts";
import { FlatError, openFlatFile, rootTable } from "./flat.ts";
import { MAX_PROBLEMS } from "./limits.ts";
import { tensorIds } from "./names.ts";
import { fileProblem } from "./problems.ts";

export interface ReadTfliteOptions {
  /** Name of the file in diagnostics and origins. */
  readonly file: string;
}

/**
 * Reads a TensorFlow Lite file as a graph: its first subgraph, in ONNX terms.
 *
 *   a tensor is the value named by `tfliteValueIds`, in the file's own layout; ops on pictures work on [N, C, H, W] between
 *   transposes; uint8 with a scale is int8 with a zero point 128 lower, at the borders too
 *
 * Constants are views of `bytes`, which must not change, where the file's layout is the IR's. Errors: TFLITE_BROKEN and
 * TFLITE_LIMIT with a byte offset, TFLITE_NOT_A_MODEL, TFLITE_GRAPH, TFLITE_TENSOR_*, TFLITE_QUANT, TFLITE_SPARSE,
 * TFLITE_STATE, TFLITE_INT16_ACTIVATIONS, TFLITE_EXTERNAL_BUFFER with the tensor; OP_UNSUPPORTED once for each operator code,
 * OP_FORM_UNSUPPORTED for each such operator. Never more memory than a small multiple of `bytes`.
 */
export function readTflite(bytes: Uint8Array, options: ReadTfliteOptions): Result<Graph> {
  const problems: Diagnostic[] = [];
  const warnings: Diagnostic[] = [];
  try {
    const model = openModel(bytes);
    if (model === null) return fail(notAModel(bytes, options.file));
    if (model.main === null) return fail(fileProblem(options.file, { code: "TFLITE_NOT_A_MODEL", summary: "The file holds no graph", expected: "a subgraph", fix: "Convert the model again." }));
    const graph = assemble({ file: options.file, fileBytes: bytes.length, model, main: model.main, problems, warnings });
    if (problems.length === 0) problems.push(...verifyGraph(graph));
    if (problems.length === 0) return ok(graph, warnings);
  } catch (error) {
    if (!(error instanceof FlatError)) throw error;
    return fail(fileProblem(options.file, { code: error.code, summary: error.code === "TFLITE_LIMIT" ? "The file exceeds a safety limit" : "The file cannot be read as TensorFlow Lite", found: error.message, byteOffset: error.byteOffset }));
  }
  if (problems.length > MAX_PROBLEMS) problems.splice(MAX_PROBLEMS, Infinity, fileProblem(options.file, { code: "TFLITE_MORE", summary: `${problems.length - MAX_PROBLEMS} further problems are not listed`, fix: "Solve the problems above first." }));
  return fail(...problems);
}

/** The value of each tensor of a file's main subgraph, by its index; empty for a file that cannot be read. */
export function tfliteValueIds(bytes: Uint8Array): readonly ValueId[] {
  try {
    return tensorIds(openModel(bytes)?.main?.tensors.map(({ name }) => name) ?? []);
  } catch (error) {
    if (error instanceof FlatError) return [];
    throw error;
  }
}

function openModel(bytes: Uint8Array): ModelFile | null {
  const file = openFlatFile(bytes);
  return identifies(file) ? decodeModel(rootTable(file)) : null;
}

function notAModel(bytes: Uint8Array, file: string): Diagnostic {
  return fileProblem(file, {
    code: "TFLITE_NOT_A_MODEL", summary: "The file is not in the TensorFlow Lite format",
    found: bytes.length < 8 ? `${bytes.length} bytes` : `the identifier ${JSON.stringify(String.fromCharCode(...bytes.subarray(4, 8)))}`, expected: "the identifier \"TFL3\" at byte 4",
    fix: "Check that this is a .tflite file.",
  });
}
