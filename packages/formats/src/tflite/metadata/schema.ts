/**
 * Field numbers and codes of TensorFlow Lite's model metadata, as far as they are written and read here.
 *
 * Source: github.com/tensorflow/tflite-support, tensorflow_lite_support/metadata/metadata_schema.fbs, version 1.1.0. A field's
 * number is its place in its table, a union counting twice.
 */
export const modelMetadata = { name: 0, description: 1, version: 2, subgraphs: 3, author: 4, license: 5, minParserVersion: 7 } as const;
export const subgraphMetadata = { inputs: 2, outputs: 3 } as const;
export const tensorMetadata = { name: 0, description: 1, content: 3, processUnits: 4, stats: 5, associatedFiles: 6 } as const;
export const content = { propertiesType: 0, properties: 1 } as const;
export const imageProperties = { colorSpace: 0, defaultSize: 1 } as const;
export const imageSize = { widthPx: 0, heightPx: 1 } as const;
export const processUnit = { optionsType: 0, options: 1 } as const;
export const normalizationOptions = { mean: 0, std: 1 } as const;
export const stats = { max: 0, min: 1 } as const;
export const associatedFile = { name: 0, description: 1, type: 2 } as const;

/** Enum ColorSpaceType. */
export const colorSpaces = ["UNKNOWN", "RGB", "GRAYSCALE"] as const;
/** Union ContentProperties. */
export const contentTypes = { feature: 1, image: 2 } as const;
/** Union ProcessUnitOptions. */
export const processTypes = { normalization: 1 } as const;
/** Enum AssociatedFileType. */
export const fileTypes = { axisLabels: 2, valueLabels: 3 } as const;

export const IDENTIFIER = "M001";
/** Name of the model's entry that holds the metadata. */
export const ENTRY = "TFLITE_METADATA";
/** Parsers of this version know every field that is written here. */
export const MIN_PARSER_VERSION = "1.0.0";
