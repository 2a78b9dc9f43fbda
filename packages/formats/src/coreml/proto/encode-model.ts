import { BinaryWriter } from "@bufbuild/protobuf/wire";
import type { ArrayFeature, CoremlModel, Feature, ImageFeature, ModelMetadata, SizeRange } from "../model.ts";
import { arrayCodes, colorCodes } from "./codes.ts";
import { encodeProgram } from "./encode-program.ts";
import type { BlobOffsets } from "./encode-value.ts";
import { fields } from "./fields.ts";
import { mark, message, packed, text, whole } from "./writer.ts";

/** What stands for "no limit" in SizeRange.upperBound. */
const UNLIMITED = -1;

/** Model bytes. Order of fields and entries is that of the data, metadata by name: equal models are equal bytes. */
export function encodeModel(model: CoremlModel, offsets: BlobOffsets): Uint8Array {
  const writer = new BinaryWriter();
  whole(writer, fields.model.specificationVersion, model.specificationVersion);
  message(writer, fields.model.description, (inner) => encodeDescription(inner, model));
  message(writer, fields.model.mlProgram, (inner) => encodeProgram(inner, model.program, offsets));
  return writer.finish();
}

function encodeDescription(writer: BinaryWriter, { inputs, outputs, classifier, metadata }: CoremlModel): void {
  const { description } = fields;
  for (const feature of inputs) message(writer, description.input, (inner) => encodeFeature(inner, feature));
  for (const feature of outputs) message(writer, description.output, (inner) => encodeFeature(inner, feature));
  if (classifier !== null) {
    text(writer, description.predictedFeatureName, classifier.label);
    text(writer, description.predictedProbabilitiesName, classifier.probabilities);
  }
  message(writer, description.metadata, (inner) => encodeMetadata(inner, metadata));
}

function encodeMetadata(writer: BinaryWriter, metadata: ModelMetadata): void {
  const { metadata: own, entry } = fields;
  text(writer, own.shortDescription, metadata.description);
  text(writer, own.versionString, metadata.version);
  text(writer, own.author, metadata.author);
  text(writer, own.license, metadata.license);
  for (const key of Object.keys(metadata.userDefined).sort()) {
    message(writer, own.userDefined, (inner) => {
      text(inner, entry.key, key);
      text(inner, entry.value, metadata.userDefined[key] ?? "");
    });
  }
}

function encodeFeature(writer: BinaryWriter, { name, description, type }: Feature): void {
  const { feature, featureType, dictionaryFeature } = fields;
  text(writer, feature.name, name);
  text(writer, feature.shortDescription, description);
  message(writer, feature.type, (inner) => {
    switch (type.kind) {
      case "array": message(inner, featureType.multiArrayType, (array) => encodeArray(array, type)); break;
      case "image": message(inner, featureType.imageType, (image) => encodeImage(image, type)); break;
      case "string": mark(inner, featureType.stringType); break;
      case "int64": mark(inner, featureType.int64Type); break;
      case "dictionary":
        message(inner, featureType.dictionaryType, (map) => mark(map, type.key === "string" ? dictionaryFeature.stringKeyType : dictionaryFeature.int64KeyType));
        break;
      default: (type satisfies never);
    }
  });
}

function encodeArray(writer: BinaryWriter, { shape, dtype, flexibility }: ArrayFeature): void {
  const { array, arrayShapes, arrayShape, shapeRange } = fields;
  encodeShape(writer, array.shape, shape);
  whole(writer, array.dataType, arrayCodes[dtype]);
  if (flexibility?.kind === "enumerated") {
    message(writer, array.enumeratedShapes, (inner) => {
      for (const one of flexibility.shapes) message(inner, arrayShapes.shapes, (each) => encodeShape(each, arrayShape.shape, one));
    });
  } else if (flexibility?.kind === "range") {
    message(writer, array.shapeRange, (inner) => {
      for (const range of flexibility.ranges) message(inner, shapeRange.sizeRanges, (each) => encodeRange(each, range));
    });
  }
}

function encodeShape(writer: BinaryWriter, no: number, shape: readonly number[]): void {
  if (shape.length === 0) return;
  packed(writer, no, (run) => {
    for (const dim of shape) run.int64(dim);
  });
}

function encodeRange(writer: BinaryWriter, { low, high }: SizeRange): void {
  whole(writer, fields.sizeRange.lowerBound, low);
  whole(writer, fields.sizeRange.upperBound, high ?? UNLIMITED);
}

function encodeImage(writer: BinaryWriter, { width, height, color, flexibility }: ImageFeature): void {
  const { image, imageSizes, imageSize, imageSizeRange } = fields;
  whole(writer, image.width, width);
  whole(writer, image.height, height);
  whole(writer, image.colorSpace, colorCodes[color]);
  if (flexibility?.kind === "enumerated") {
    message(writer, image.enumeratedSizes, (inner) => {
      for (const [high = 0, wide = 0] of flexibility.shapes) message(inner, imageSizes.sizes, (each) => {
        whole(each, imageSize.width, wide);
        whole(each, imageSize.height, high);
      });
    });
  } else if (flexibility?.kind === "range") {
    const [high, wide] = flexibility.ranges;
    message(writer, image.imageSizeRange, (inner) => {
      if (wide !== undefined) message(inner, imageSizeRange.widthRange, (each) => encodeRange(each, wide));
      if (high !== undefined) message(inner, imageSizeRange.heightRange, (each) => encodeRange(each, high));
    });
  }
}
