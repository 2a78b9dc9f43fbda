/**
 * Field numbers of the messages that are written and read, by message and field, as the public definitions have them:
 * github.com/apple/coremltools, mlmodel/format/{Model,FeatureTypes,MIL}.proto
 */
export const fields = {
  model: { specificationVersion: 1, description: 2, mlProgram: 502 },
  description: { input: 1, output: 10, predictedFeatureName: 11, predictedProbabilitiesName: 12, metadata: 100 },
  metadata: { shortDescription: 1, versionString: 2, author: 3, license: 4, userDefined: 100 },
  /** An entry of any map. */
  entry: { key: 1, value: 2 },
  feature: { name: 1, shortDescription: 2, type: 3 },
  featureType: { int64Type: 1, stringType: 3, imageType: 4, multiArrayType: 5, dictionaryType: 6 },
  image: { width: 1, height: 2, colorSpace: 3, enumeratedSizes: 21, imageSizeRange: 31 },
  imageSizes: { sizes: 1 },
  imageSize: { width: 1, height: 2 },
  imageSizeRange: { widthRange: 1, heightRange: 2 },
  array: { shape: 1, dataType: 2, enumeratedShapes: 21, shapeRange: 31 },
  arrayShapes: { shapes: 1 },
  arrayShape: { shape: 1 },
  shapeRange: { sizeRanges: 1 },
  sizeRange: { lowerBound: 1, upperBound: 2 },
  dictionaryFeature: { int64KeyType: 1, stringKeyType: 2 },
  program: { version: 1, functions: 2, attributes: 4 },
  function: { inputs: 1, opset: 2, blockSpecializations: 3 },
  block: { inputs: 1, outputs: 2, operations: 3 },
  operation: { type: 1, inputs: 2, outputs: 3, blocks: 4, attributes: 5 },
  argument: { arguments: 1 },
  binding: { name: 1, value: 2 },
  port: { name: 1, type: 2 },
  valueType: { tensorType: 1, listType: 2, tupleType: 3, dictionaryType: 4 },
  tensorType: { dataType: 1, rank: 2, dimensions: 3 },
  dimension: { constant: 1, unknown: 2 },
  constantDimension: { size: 1 },
  listType: { type: 1, length: 2 },
  dictionaryType: { keyType: 1, valueType: 2 },
  value: { type: 2, immediateValue: 3, blobFileValue: 5 },
  immediate: { tensor: 1, tuple: 2, list: 3, dictionary: 4 },
  tensor: { floats: 1, ints: 2, bools: 3, strings: 4, longInts: 5, doubles: 6, bytes: 7 },
  /** RepeatedFloats and its like, ListValue. */
  repeated: { values: 1 },
  blob: { fileName: 1, offset: 2 },
} as const;
