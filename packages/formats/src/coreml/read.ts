import { type Diagnostic, type Graph, type Result, fail, ok } from "@edgewise/graph";
import { WireError } from "../protobuf/wire.ts";
import { featureProblems } from "./features.ts";
import { assemble } from "./lift/assemble.ts";
import { MAX_PROBLEMS } from "./limits.ts";
import type { CoremlModel } from "./model.ts";
import { type OpenPackage, openPackage } from "./open-package.ts";
import type { PackageFile } from "./package-files.ts";
import { brokenFile } from "./problems.ts";
import { decodeModel } from "./proto/decode-model.ts";
import type { BlobSource } from "./proto/decode-value.ts";
import { readBlob, storageProblem } from "./weights/read.ts";

export interface ReadCoremlOptions {
  /** Name of the package in diagnostics and origins. */
  readonly file: string;
}

export interface ReadCoreml {
  /** Values are called as in the program; the probabilities of a classifier are the first output. */
  readonly graph: Graph;
  readonly model: CoremlModel;
  /** Class labels, one for each probability; null for a model that is no classifier. */
  readonly labels: readonly string[] | null;
}

/**
 * Reads the files of an .mlpackage that holds an ML program as a graph. Constants are views of `files`, which must not
 * change.
 *
 * Errors: COREML_PACKAGE, COREML_BROKEN and COREML_LIMIT with a byte offset, COREML_WEIGHTS, COREML_VERSION,
 * COREML_FEATURES, COREML_LABELS, COREML_TYPE, COREML_GRAPH, OP_UNSUPPORTED and OP_FORM_UNSUPPORTED naming every such
 * operation.
 */
export function readCoreml(files: readonly PackageFile[], options: ReadCoremlOptions): Result<ReadCoreml> {
  const decoded = decodeCoreml(files);
  if (!decoded.ok) return decoded;
  const model = decoded.value;
  const assembled = assemble(model.program, options.file);
  const problems = [...featureProblems(model), ...assembled.problems];
  if (problems.length > 0) return fail(...limited(problems));
  return ok({ graph: { ...assembled.graph, metadata: model.metadata.userDefined }, model, labels: assembled.labels });
}

/** The model of a package as plain data, every constant in place. Errors: as `readCoreml`, of the bytes alone. */
export function decodeCoreml(files: readonly PackageFile[]): Result<CoremlModel> {
  const opened = openPackage(files);
  if (!opened.ok) return opened;
  const problems: Diagnostic[] = [];
  try {
    const model = decodeModel(opened.value.model, blobSource(opened.value, problems));
    return problems.length > 0 ? fail(...limited(problems)) : ok(model);
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    return fail(brokenFile(opened.value.modelPath, {
      code: error.kind === "limit" ? "COREML_LIMIT" : "COREML_BROKEN", summary: error.kind === "limit" ? "The model exceeds a safety limit" : "The model cannot be read as an ML program",
      found: error.message, byteOffset: error.byteOffset,
    }));
  }
}

/** How a model refers to the files beside it. */
const BESIDE = "@model_path/";

function blobSource({ beside }: OpenPackage, problems: Diagnostic[]): BlobSource {
  const checked = new Set<string>();
  return ({ fileName, offset, type }) => {
    const file = fileName.startsWith(BESIDE) ? beside.get(fileName.slice(BESIDE.length)) : undefined;
    if (file === undefined) {
      problems.push(brokenFile(fileName, { code: "COREML_WEIGHTS", summary: "The model refers to a weight file that is not there", found: fileName, expected: [...beside.keys()].slice(0, 8).join(", ") }));
      return null;
    }
    const header = checked.has(file.path) ? null : storageProblem(file.bytes);
    const contents = header ?? readBlob(file.bytes, offset, type);
    if (contents instanceof Uint8Array) {
      checked.add(file.path);
      return contents;
    }
    problems.push(brokenFile(file.path, { code: "COREML_WEIGHTS", byteOffset: offset, ...contents }));
    return null;
  };
}

function limited(problems: readonly Diagnostic[]): readonly Diagnostic[] {
  if (problems.length <= MAX_PROBLEMS) return problems;
  return [...problems.slice(0, MAX_PROBLEMS), brokenFile("", { code: "COREML_MORE", summary: `${problems.length - MAX_PROBLEMS} further problems are not listed`, fix: "Solve the problems above first." })];
}
