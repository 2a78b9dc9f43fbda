/** How real numbers in [0, 255], or a feature's own unit, become the model's: (x − mean) / std, one number or one a channel. */
export interface Normalization {
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

export type TensorContent =
  | { readonly kind: "feature" }
  | { readonly kind: "image"; readonly colorSpace: "UNKNOWN" | "RGB" | "GRAYSCALE"; readonly sizePx: { readonly width: number; readonly height: number } | null };

/** A file of names, one a line. `axis`: of the positions along the tensor's last axis; `value`: of the numbers in it. */
export interface LabelFile {
  readonly file: string;
  readonly of: "axis" | "value";
}

/** What the metadata say of one input or output; the order is that of the model's own. */
export interface TensorMetadata {
  readonly name: string;
  readonly description: string;
  readonly content: TensorContent | null;
  readonly normalization: Normalization | null;
  /** Least and largest real number, one or one a channel. */
  readonly range: { readonly min: readonly number[]; readonly max: readonly number[] } | null;
  readonly labels: LabelFile | null;
}

/** TensorFlow Lite's model metadata, with the files that go with the model. */
export interface TfliteMetadata {
  readonly name: string;
  readonly description: string;
  readonly version: string;
  readonly author: string;
  readonly license: string;
  readonly inputs: readonly TensorMetadata[];
  readonly outputs: readonly TensorMetadata[];
  /** Contents by name. */
  readonly files: Readonly<Record<string, Uint8Array>>;
}
