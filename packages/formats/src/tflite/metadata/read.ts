import { type Result, fail, ok } from "@edgewise/graph";
import { identifies } from "../decode.ts";
import { FlatError, type Table, bytesField, numbersField, openFlatFile, rootTable, tableField, tablesField, textField, uint32Field, uint8Field } from "../flat.ts";
import { MAX_ASSOCIATED_FILES, MAX_CHANNELS, MAX_OPERATORS, MAX_PORTS, MAX_TENSORS } from "../limits.ts";
import { fileProblem } from "../problems.ts";
import { buffer, metadata as entryFields, model } from "../schema.ts";
import type { LabelFile, Normalization, TensorContent, TensorMetadata, TfliteMetadata } from "./metadata.ts";
import * as schema from "./schema.ts";
import { filesBehind } from "./unzip.ts";

/**
 * Reads the metadata of a TensorFlow Lite file and the files behind it; null for a model without metadata.
 *
 * What other writers may add and nothing here asks for is skipped: score calibration, tokenizers, bounding boxes. Errors:
 * TFLITE_NOT_A_MODEL, TFLITE_METADATA with a byte offset, for metadata or files that are broken.
 */
export function readTfliteMetadata(bytes: Uint8Array, { file }: { readonly file: string }): Result<TfliteMetadata | null> {
  try {
    const opened = openFlatFile(bytes);
    if (!identifies(opened)) return fail(fileProblem(file, { code: "TFLITE_NOT_A_MODEL", summary: "The file is not in the TensorFlow Lite format", fix: "Check that this is a .tflite file." }));
    const entry = entryOf(rootTable(opened));
    return ok(entry && metadataOf(rootTable(openFlatFile(entry)), filesBehind(bytes)));
  } catch (error) {
    if (!(error instanceof FlatError)) throw error;
    return fail(fileProblem(file, { code: "TFLITE_METADATA", summary: "The model's metadata cannot be read", found: error.message, byteOffset: error.byteOffset, fix: "Write the metadata again: the model itself may still run." }));
  }
}

/** The bytes of the metadata's entry in the model. */
function entryOf(root: Table): Uint8Array | null {
  const entries = tablesField(root, model.metadata, { most: MAX_OPERATORS, what: "entries of metadata" });
  const entry = entries.find((table) => textField(table, entryFields.name) === schema.ENTRY);
  if (entry === undefined) return null;
  const index = uint32Field(entry, entryFields.buffer);
  const found = tablesField(root, model.buffers, { most: MAX_TENSORS, what: "buffers" })[index];
  const contents = found === undefined ? null : bytesField(found, buffer.data);
  if (contents === null) throw new FlatError("TFLITE_BROKEN", `the metadata are said to be in buffer ${index}, which is empty`, 0);
  if (String.fromCharCode(...contents.subarray(4, 8)) !== schema.IDENTIFIER) throw new FlatError("TFLITE_BROKEN", `the metadata do not begin with ${schema.IDENTIFIER}`, 0);
  return contents;
}

function metadataOf(root: Table, files: TfliteMetadata["files"]): TfliteMetadata {
  const { modelMetadata, subgraphMetadata } = schema;
  const [main = null] = tablesField(root, modelMetadata.subgraphs, { most: MAX_OPERATORS, what: "subgraphs" });
  const tensors = (field: number): readonly TensorMetadata[] => tablesField(main, field, { most: MAX_PORTS, what: "inputs or outputs" }).map(tensorOf);
  return {
    name: textField(root, modelMetadata.name),
    description: textField(root, modelMetadata.description),
    version: textField(root, modelMetadata.version),
    author: textField(root, modelMetadata.author),
    license: textField(root, modelMetadata.license),
    inputs: tensors(subgraphMetadata.inputs),
    outputs: tensors(subgraphMetadata.outputs),
    files,
  };
}

function tensorOf(table: Table): TensorMetadata {
  const { tensorMetadata } = schema;
  const stats = tableField(table, tensorMetadata.stats);
  return {
    name: textField(table, tensorMetadata.name),
    description: textField(table, tensorMetadata.description),
    content: contentOf(tableField(table, tensorMetadata.content)),
    normalization: normalizationOf(table),
    range: stats && { min: reals(stats, schema.stats.min), max: reals(stats, schema.stats.max) },
    labels: labelsOf(table),
  };
}

function contentOf(table: Table | null): TensorContent | null {
  const { content, contentTypes, imageProperties, imageSize } = schema;
  const type = uint8Field(table, content.propertiesType);
  if (type === contentTypes.feature) return { kind: "feature" };
  if (type !== contentTypes.image) return null;
  const image = tableField(table, content.properties);
  const size = tableField(image, imageProperties.defaultSize);
  return {
    kind: "image", colorSpace: schema.colorSpaces[uint8Field(image, imageProperties.colorSpace)] ?? "UNKNOWN",
    sizePx: size && { width: uint32Field(size, imageSize.widthPx), height: uint32Field(size, imageSize.heightPx) },
  };
}

function normalizationOf(tensor: Table): Normalization | null {
  const { tensorMetadata, processUnit, normalizationOptions, processTypes } = schema;
  const unit = tablesField(tensor, tensorMetadata.processUnits, { most: MAX_PORTS, what: "steps of one tensor" }).find((table) => uint8Field(table, processUnit.optionsType) === processTypes.normalization);
  const options = tableField(unit ?? null, processUnit.options);
  return options && { mean: reals(options, normalizationOptions.mean), std: reals(options, normalizationOptions.std) };
}

/** Labels of an axis before labels of values; the first file counts where there are translations. */
function labelsOf(tensor: Table): LabelFile | null {
  const { tensorMetadata, associatedFile, fileTypes } = schema;
  const files = tablesField(tensor, tensorMetadata.associatedFiles, { most: MAX_ASSOCIATED_FILES, what: "files of one tensor" });
  const named = (type: number): string | null => {
    const table = files.find((each) => uint8Field(each, associatedFile.type) === type);
    return table === undefined ? null : textField(table, associatedFile.name);
  };
  const axis = named(fileTypes.axisLabels);
  if (axis !== null) return { file: axis, of: "axis" };
  const value = named(fileTypes.valueLabels);
  return value === null ? null : { file: value, of: "value" };
}

function reals(table: Table, field: number): readonly number[] {
  return numbersField(table, field, { kind: "float32", most: MAX_CHANNELS, what: "numbers of one tensor's channels" }) ?? [];
}
