import type { MilProgram } from "./mil.ts";

/** How one dim may vary; `high` null where nothing limits it. */
export interface SizeRange {
  readonly low: number;
  readonly high: number | null;
}

/** Shapes that an input takes beside its default; dims as in the feature: all of an array, [height, width] of an image. */
export type Flexibility =
  | { readonly kind: "enumerated"; readonly shapes: readonly (readonly number[])[] }
  | { readonly kind: "range"; readonly ranges: readonly SizeRange[] };

/** Enum ArrayDataType of FeatureTypes.proto. */
export type ArrayDType = "float16" | "float32" | "float64" | "int32" | "int8";

/** Enum ColorSpace of FeatureTypes.proto. */
export type ColorSpace = "RGB" | "BGR" | "GRAYSCALE" | "GRAYSCALE_FLOAT16";

export interface ArrayFeature {
  readonly kind: "array";
  readonly dtype: ArrayDType;
  /** Default shape; empty where the model states none. */
  readonly shape: readonly number[];
  readonly flexibility: Flexibility | null;
}

export interface ImageFeature {
  readonly kind: "image";
  readonly width: number;
  readonly height: number;
  readonly color: ColorSpace;
  readonly flexibility: Flexibility | null;
}

export type FeatureType =
  | ArrayFeature
  | ImageFeature
  | { readonly kind: "string" }
  | { readonly kind: "int64" }
  | { readonly kind: "dictionary"; readonly key: "string" | "int64" };

/** One input or output, as an app sees it. */
export interface Feature {
  readonly name: string;
  readonly description: string;
  readonly type: FeatureType;
}

/** Shown by Xcode and readable by an app; "" where nothing is stated. */
export interface ModelMetadata {
  readonly description: string;
  readonly version: string;
  readonly author: string;
  readonly license: string;
  readonly userDefined: Readonly<Record<string, string>>;
}

/** Names of the outputs in which a classifier gives its answer. */
export interface ClassifierFeatures {
  readonly label: string;
  readonly probabilities: string;
}

/** What model.mlmodel says, as plain data. */
export interface CoremlModel {
  readonly specificationVersion: number;
  readonly inputs: readonly Feature[];
  readonly outputs: readonly Feature[];
  readonly classifier: ClassifierFeatures | null;
  readonly metadata: ModelMetadata;
  readonly program: MilProgram;
}
