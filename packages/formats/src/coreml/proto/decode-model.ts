import { appendTo } from "../../protobuf/append.ts";
import { type Cursor, WireError, integer, longText, nested, readMessage, repeated, text, wholeFile } from "../../protobuf/wire.ts";
import { MAX_PORTS, MAX_RANK } from "../limits.ts";
import type { MilProgram } from "../mil.ts";
import type { ArrayFeature, CoremlModel, Feature, FeatureType, Flexibility, ImageFeature, ModelMetadata, SizeRange } from "../model.ts";
import { arrayCodes, colorCodes, keyOf } from "./codes.ts";
import { decodeProgram } from "./decode-program.ts";
import type { BlobSource } from "./decode-value.ts";
import { fields } from "./fields.ts";

/** Shapes of one input: each costs the system a compiled form, and few models have more than ten. */
const MAX_SHAPES = 4096;

/** A Model message that holds an ML program. Throws WireError. */
export function decodeModel(bytes: Uint8Array, blobs: BlobSource): CoremlModel {
  const cursor = wholeFile(bytes);
  let specificationVersion = 0;
  let program: MilProgram | null = null;
  const description = { inputs: [] as Feature[], outputs: [] as Feature[], label: "", probabilities: "", metadata: noMetadata };
  readMessage(cursor, {
    [fields.model.specificationVersion]: integer((version) => { specificationVersion = version; }),
    [fields.model.description]: nested((inner) => decodeDescription(inner, description)),
    [fields.model.mlProgram]: nested((inner) => { program = decodeProgram(inner, blobs); }),
  });
  if (program === null) throw new WireError("broken", "the model holds no ML program", 0);
  const { inputs, outputs, label, probabilities, metadata } = description;
  return { specificationVersion, inputs, outputs, classifier: label === "" && probabilities === "" ? null : { label, probabilities }, metadata, program };
}

const noMetadata: ModelMetadata = { description: "", version: "", author: "", license: "", userDefined: {} };

interface Description {
  readonly inputs: Feature[];
  readonly outputs: Feature[];
  label: string;
  probabilities: string;
  metadata: ModelMetadata;
}

function decodeDescription(cursor: Cursor, into: Description): void {
  const ports = { most: MAX_PORTS, what: "features", at: cursor };
  const [input, output] = [appendTo(into.inputs, ports), appendTo(into.outputs, ports)];
  readMessage(cursor, {
    [fields.description.input]: nested((inner) => input(decodeFeature(inner))),
    [fields.description.output]: nested((inner) => output(decodeFeature(inner))),
    [fields.description.predictedFeatureName]: text((name) => { into.label = name; }),
    [fields.description.predictedProbabilitiesName]: text((name) => { into.probabilities = name; }),
    [fields.description.metadata]: nested((inner) => { into.metadata = decodeMetadata(inner); }),
  });
}

function decodeMetadata(cursor: Cursor): ModelMetadata {
  const found = { description: "", version: "", author: "", license: "" };
  const entries: [string, string][] = [];
  const add = appendTo(entries, { most: MAX_PORTS, what: "metadata entries", at: cursor });
  readMessage(cursor, {
    [fields.metadata.shortDescription]: longText((value) => { found.description = value; }),
    [fields.metadata.versionString]: longText((value) => { found.version = value; }),
    [fields.metadata.author]: longText((value) => { found.author = value; }),
    [fields.metadata.license]: longText((value) => { found.license = value; }),
    [fields.metadata.userDefined]: nested((inner) => {
      const entry: [string, string] = ["", ""];
      readMessage(inner, { [fields.entry.key]: text((key) => { entry[0] = key; }), [fields.entry.value]: longText((value) => { entry[1] = value; }) });
      add(entry);
    }),
  });
  return { ...found, userDefined: Object.fromEntries(entries) };
}

function decodeFeature(cursor: Cursor): Feature {
  let name = "";
  let description = "";
  let type: FeatureType | null = null;
  readMessage(cursor, {
    [fields.feature.name]: text((found) => { name = found; }),
    [fields.feature.shortDescription]: longText((found) => { description = found; }),
    [fields.feature.type]: nested((inner) => { type = decodeFeatureType(inner); }),
  });
  if (type === null) throw new WireError("broken", `the feature ${name} has no type that we know`, cursor.start);
  return { name, description, type };
}

function decodeFeatureType(cursor: Cursor): FeatureType | null {
  let type: FeatureType | null = null;
  readMessage(cursor, {
    [fields.featureType.int64Type]: nested(() => { type = { kind: "int64" }; }),
    [fields.featureType.stringType]: nested(() => { type = { kind: "string" }; }),
    [fields.featureType.imageType]: nested((inner) => { type = decodeImage(inner); }),
    [fields.featureType.multiArrayType]: nested((inner) => { type = decodeArray(inner); }),
    [fields.featureType.dictionaryType]: nested((inner) => readMessage(inner, {
      [fields.dictionaryFeature.int64KeyType]: nested(() => { type = { kind: "dictionary", key: "int64" }; }),
      [fields.dictionaryFeature.stringKeyType]: nested(() => { type = { kind: "dictionary", key: "string" }; }),
    })),
  });
  return type;
}

function decodeArray(cursor: Cursor): ArrayFeature {
  const shape: number[] = [];
  const shapes: (readonly number[])[] = [];
  const ranges: SizeRange[] = [];
  let code = 0;
  let kind: Flexibility["kind"] | null = null;
  const range = appendTo(ranges, { most: MAX_RANK, what: "ranges", at: cursor });
  readMessage(cursor, {
    [fields.array.shape]: repeated(integer(appendTo(shape, { most: MAX_RANK, what: "dims", at: cursor }))),
    [fields.array.dataType]: integer((found) => { code = found; }),
    [fields.array.enumeratedShapes]: nested((inner) => {
      kind = "enumerated";
      const add = appendTo(shapes, { most: MAX_SHAPES, what: "shapes", at: inner });
      readMessage(inner, { [fields.arrayShapes.shapes]: nested((each) => add(decodeShape(each))) });
    }),
    [fields.array.shapeRange]: nested((inner) => {
      kind = "range";
      readMessage(inner, { [fields.shapeRange.sizeRanges]: nested((each) => range(decodeRange(each))) });
    }),
  });
  const dtype = keyOf(arrayCodes, code);
  if (dtype === null) throw new WireError("broken", `element type ${code} of an array feature is not known`, cursor.start);
  return { kind: "array", dtype, shape, flexibility: flexibility(kind, shapes, ranges) };
}

function flexibility(kind: Flexibility["kind"] | null, shapes: readonly (readonly number[])[], ranges: readonly SizeRange[]): Flexibility | null {
  if (kind === null) return null;
  return kind === "range" ? { kind, ranges } : { kind, shapes };
}

function decodeShape(cursor: Cursor): readonly number[] {
  const shape: number[] = [];
  readMessage(cursor, { [fields.arrayShape.shape]: repeated(integer(appendTo(shape, { most: MAX_RANK, what: "dims", at: cursor }))) });
  return shape;
}

function decodeRange(cursor: Cursor): SizeRange {
  const range = { low: 0, high: 0 };
  readMessage(cursor, { [fields.sizeRange.lowerBound]: integer((low) => { range.low = low; }), [fields.sizeRange.upperBound]: integer((high) => { range.high = high; }) });
  return { low: range.low, high: range.high < 0 ? null : range.high };
}

function decodeImage(cursor: Cursor): ImageFeature {
  const found = { width: 0, height: 0, code: 0 };
  const shapes: (readonly number[])[] = [];
  const ranges = { height: { low: 1, high: null } as SizeRange, width: { low: 1, high: null } as SizeRange };
  let kind: Flexibility["kind"] | null = null;
  readMessage(cursor, {
    [fields.image.width]: integer((width) => { found.width = width; }),
    [fields.image.height]: integer((height) => { found.height = height; }),
    [fields.image.colorSpace]: integer((code) => { found.code = code; }),
    [fields.image.enumeratedSizes]: nested((inner) => {
      kind = "enumerated";
      const add = appendTo(shapes, { most: MAX_SHAPES, what: "sizes", at: inner });
      readMessage(inner, { [fields.imageSizes.sizes]: nested((each) => add(decodeImageSize(each))) });
    }),
    [fields.image.imageSizeRange]: nested((inner) => {
      kind = "range";
      readMessage(inner, {
        [fields.imageSizeRange.widthRange]: nested((each) => { ranges.width = decodeRange(each); }),
        [fields.imageSizeRange.heightRange]: nested((each) => { ranges.height = decodeRange(each); }),
      });
    }),
  });
  const color = keyOf(colorCodes, found.code);
  if (color === null) throw new WireError("broken", `color space ${found.code} is not known`, cursor.start);
  return { kind: "image", width: found.width, height: found.height, color, flexibility: flexibility(kind, shapes, [ranges.height, ranges.width]) };
}

function decodeImageSize(cursor: Cursor): readonly number[] {
  const size = { width: 0, height: 0 };
  readMessage(cursor, { [fields.imageSize.width]: integer((width) => { size.width = width; }), [fields.imageSize.height]: integer((height) => { size.height = height; }) });
  return [size.height, size.width];
}
