import { type Diagnostic, type Graph, type Result, fail, ok, propagateShapes } from "@edgewise/graph";
import { type BlobOffsets } from "./proto/encode-value.ts";
import { milDTypes } from "./dtypes.ts";
import { lowerGraph } from "./lower/lower-graph.ts";
import { withOpenShapes } from "./lower/open-shapes.ts";
import type { WriteCoremlOptions } from "./options.ts";
import type { MilArgument, MilNumbers, MilProgram, MilValue } from "./mil.ts";
import type { CoremlModel, ModelMetadata } from "./model.ts";
import { type PackageFile, packageFiles } from "./package-files.ts";
import { encodeModel } from "./proto/encode-model.ts";
import { targets } from "./target.ts";
import { writeWeights } from "./weights/write.ts";

export interface WrittenCoreml {
  /** The package: paths relative to the .mlpackage folder. */
  readonly files: readonly PackageFile[];
  readonly model: CoremlModel;
  /** Names of the features, by value of the graph. */
  readonly inputNames: Readonly<Record<string, string>>;
  readonly outputNames: Readonly<Record<string, string>>;
}

/**
 * Writes a graph as the files of an .mlpackage with an ML program. The bytes are a function of the arguments alone.
 *
 * Errors: COREML_UNSUPPORTED for what MIL cannot say, COREML_TARGET for what needs a newer system, COREML_INPUT,
 * COREML_OUTPUT, COREML_LABELS, COREML_IMAGE, COREML_SHAPES, and the codes of shape propagation. Warning:
 * COREML_SCALE_ROUNDED.
 */
export function writeCoreml(graph: Graph, options: WriteCoremlOptions = {}): Result<WrittenCoreml> {
  const shaped = options.shapes === undefined ? propagateShapes(graph) : withOpenShapes(graph, options.shapes);
  if (!shaped.ok) return shaped;
  const target = options.target ?? "iOS15";
  const lowered = lowerGraph(shaped.value, options);
  if (!lowered.ok) return fail(...lowered.errors);
  const { program, features, classifier, inputNames, outputNames } = lowered.value;
  const metadata: ModelMetadata = { description: "", version: "", author: "", license: "", userDefined: {}, ...options.metadata };
  const model: CoremlModel = { specificationVersion: targets[target].specificationVersion, ...features, classifier, metadata, program };
  const warnings: readonly Diagnostic[] = lowered.warnings;
  return ok({ files: fileModel(model), model, inputNames, outputNames }, warnings);
}

/** A model as the files of its package; large constants go to the weight file in the order of their operations. */
export function fileModel(model: CoremlModel): readonly PackageFile[] {
  const blobs = valuesOf(model.program).filter((value): value is MilNumbers => value.kind === "numbers" && isLarge(value));
  const written = blobs.length === 0 ? null : writeWeights(blobs);
  const places = new Map<MilValue, number>(blobs.map((blob, index) => [blob, written?.offsets[index] ?? 0]));
  const offsets: BlobOffsets = (value) => places.get(value) ?? null;
  return packageFiles(encodeModel(model, offsets), written?.bytes ?? null);
}

function valuesOf({ operations }: MilProgram): readonly MilValue[] {
  return operations.flatMap(({ inputs, attributes }) => [...Object.values(inputs).flat().filter((one: MilArgument): one is MilValue => typeof one !== "string"), ...Object.values(attributes)]);
}

/** Constants of at least this many elements stand in the weight file, as coremltools has it. */
const BLOB_ELEMENTS = 10;

/** Types that systems read from weight files since iOS 15; below 8 bits, since iOS 18, where alone they occur. */
const blobTypes: ReadonlySet<string> = new Set(["fp16", "fp32", "int8", "uint8", "int4", "uint4"]);

function isLarge({ type }: MilNumbers): boolean {
  const elements = type.shape.reduce<number>((product, dim) => product * (dim ?? 1), 1);
  return elements >= BLOB_ELEMENTS && blobTypes.has(type.dtype) && milDTypes[type.dtype].blob !== null;
}
