import { flatBytes } from "../write/flat-bytes.ts";
import { type FlatPart, type FlatTable, flatNumber, flatPart, flatTable, flatText } from "../write/parts.ts";
import type { LabelFile, Normalization, TensorContent, TensorMetadata, TfliteMetadata } from "./metadata.ts";
import * as schema from "./schema.ts";

/** The metadata as a FlatBuffer of their own, without the files; texts that are empty are left out. */
export function encodeMetadata(metadata: TfliteMetadata): Uint8Array {
  const { modelMetadata, subgraphMetadata } = schema;
  const subgraph = flatTable(
    flatPart(subgraphMetadata.inputs, list(metadata.inputs.map(tensorOf))),
    flatPart(subgraphMetadata.outputs, list(metadata.outputs.map(tensorOf))),
  );
  return flatBytes(flatTable(
    flatPart(modelMetadata.name, text(metadata.name)),
    flatPart(modelMetadata.description, text(metadata.description)),
    flatPart(modelMetadata.version, text(metadata.version)),
    flatPart(modelMetadata.subgraphs, list([subgraph])),
    flatPart(modelMetadata.author, text(metadata.author)),
    flatPart(modelMetadata.license, text(metadata.license)),
    flatPart(modelMetadata.minParserVersion, flatText(schema.MIN_PARSER_VERSION)),
  ), { identifier: schema.IDENTIFIER });
}

function tensorOf({ name, description, content, normalization, range, labels }: TensorMetadata): FlatTable {
  const { tensorMetadata, stats } = schema;
  return flatTable(
    flatPart(tensorMetadata.name, text(name)),
    flatPart(tensorMetadata.description, text(description)),
    flatPart(tensorMetadata.content, content && contentOf(content)),
    flatPart(tensorMetadata.processUnits, normalization && list([normalizationOf(normalization)])),
    flatPart(tensorMetadata.stats, range && flatTable(flatPart(stats.max, reals(range.max)), flatPart(stats.min, reals(range.min)))),
    flatPart(tensorMetadata.associatedFiles, labels && list([labelsOf(labels)])),
  );
}

function contentOf(content: TensorContent): FlatTable {
  const { propertiesType, properties } = schema.content;
  const type = schema.contentTypes[content.kind];
  return flatTable(flatNumber({ field: propertiesType, kind: "int8", value: type }), flatPart(properties, content.kind === "image" ? imageOf(content) : flatTable()));
}

function imageOf({ colorSpace, sizePx }: Extract<TensorContent, { kind: "image" }>): FlatTable {
  const { imageProperties, imageSize } = schema;
  const size = sizePx && flatTable(
    flatNumber({ field: imageSize.widthPx, kind: "int32", value: sizePx.width }),
    flatNumber({ field: imageSize.heightPx, kind: "int32", value: sizePx.height }),
  );
  return flatTable(
    flatNumber({ field: imageProperties.colorSpace, kind: "int8", value: schema.colorSpaces.indexOf(colorSpace) }),
    flatPart(imageProperties.defaultSize, size),
  );
}

function normalizationOf({ mean, std }: Normalization): FlatTable {
  const { processUnit, normalizationOptions } = schema;
  return flatTable(
    flatNumber({ field: processUnit.optionsType, kind: "int8", value: schema.processTypes.normalization }),
    flatPart(processUnit.options, flatTable(flatPart(normalizationOptions.mean, reals(mean)), flatPart(normalizationOptions.std, reals(std)))),
  );
}

function labelsOf({ file, of }: LabelFile): FlatTable {
  const { associatedFile, fileTypes } = schema;
  return flatTable(
    flatPart(associatedFile.name, flatText(file)),
    flatNumber({ field: associatedFile.type, kind: "int8", value: of === "axis" ? fileTypes.axisLabels : fileTypes.valueLabels }),
  );
}

function text(value: string): FlatPart | null {
  return value === "" ? null : flatText(value);
}

function reals(numbers: readonly number[]): FlatPart {
  return { kind: "float32s", numbers };
}

function list(parts: readonly FlatPart[]): FlatPart {
  return { kind: "parts", parts };
}
