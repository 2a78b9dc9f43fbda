import { type Diagnostic, type Graph, type Result, fail, ok } from "@edgewise/graph";
import { assemble } from "./assemble.ts";
import { decodeModel } from "./decode.ts";
import type { ExternalData } from "./external.ts";
import { MAX_PROBLEMS } from "./limits.ts";
import { brokenFile } from "./problems.ts";
import type { ModelProto } from "./proto.ts";
import { WireError } from "../protobuf/wire.ts";

export interface ReadOnnxOptions {
  /** Name of the file in diagnostics and origins. */
  readonly file: string;
  /** Bytes of external data; left out, a model that needs them is refused. */
  readonly external?: ExternalData;
}

/** Operator sets whose meaning we know; a newer one may have changed an op, and is read with a warning. */
const NEWEST_OPSET = 26;

/**
 * Reads an ONNX file as a graph in the newest operator set's form. Constants are views of `bytes`, which must not change.
 *
 * Errors: ONNX_BROKEN and ONNX_LIMIT with a byte offset, ONNX_NOT_A_MODEL, ONNX_GRAPH, ONNX_TENSOR_*, ONNX_EXTERNAL_*,
 * OP_UNSUPPORTED and OP_FORM_UNSUPPORTED naming every such node. Never more memory than a small multiple of `bytes`.
 */
export function readOnnx(bytes: Uint8Array, options: ReadOnnxOptions): Result<Graph> {
  let model: ModelProto;
  try {
    model = decodeModel(bytes);
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    const other = otherFormat(bytes);
    if (other !== null) return fail(brokenFile(options.file, { code: "ONNX_NOT_A_MODEL", summary: "The file is not in the ONNX format", found: other, expected: "ONNX", fix: "Export the model as ONNX from where it was trained." }));
    return fail(brokenFile(options.file, { code: error.kind === "limit" ? "ONNX_LIMIT" : "ONNX_BROKEN", summary: error.kind === "limit" ? "The file exceeds a safety limit" : "The file cannot be read as ONNX", found: error.message, byteOffset: error.byteOffset }));
  }
  const opset = model.opsets.find(({ domain }) => domain === "" || domain === "ai.onnx")?.version ?? 1;
  if (model.graph === null || model.irVersion <= 0 || opset < 1) {
    return fail(brokenFile(options.file, { code: "ONNX_NOT_A_MODEL", summary: "The file is not an ONNX model", expected: "a ModelProto with an IR version, an operator set and a graph", fix: "Check that this is a .onnx file." }));
  }
  const problems: Diagnostic[] = [];
  const graph = assemble({ model, graph: model.graph, opset, options, problems });
  if (problems.length > MAX_PROBLEMS) problems.splice(MAX_PROBLEMS, Infinity, brokenFile(options.file, { code: "ONNX_MORE", summary: `${problems.length - MAX_PROBLEMS} further problems are not listed`, fix: "Solve the problems above first." }));
  if (problems.length > 0) return fail(...problems);
  if (opset <= NEWEST_OPSET) return ok(graph);
  return ok(graph, [{
    code: "ONNX_OPSET_NEWER", severity: "warning", subject: { kind: "file", path: options.file }, summary: "The operator set is newer than those we know",
    found: String(opset), expected: `at most ${NEWEST_OPSET}`, fix: "Compare the measured accuracy with what you expect, or export with an older operator set.",
  }]);
}

/** Formats that users take for ONNX, by the identifier at byte 4 of a FlatBuffer. Source: flatbuffers.dev, file identification. */
const flatBuffers: Readonly<Record<string, string>> = { TFL3: "a LiteRT (TensorFlow Lite) model", ORTM: "a model in onnxruntime's own format" };

function otherFormat(bytes: Uint8Array): string | null {
  return flatBuffers[String.fromCharCode(...bytes.subarray(4, 8))] ?? null;
}
