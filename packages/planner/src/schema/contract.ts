/**
 * What goes into the model, from the raw input to the tensor. Declared once; one reference implementation
 * (`@edgewise/preprocess`), used by evaluation, calibration and every wrapper.
 */
export type InputContract = ImageInput | TensorInput;

export interface ImageInput {
  readonly kind: "image";
  readonly color: "rgb" | "bgr" | "gray";
  /** How the picture meets the model's height and width. Never silent: the plan states effective pixels. */
  readonly resize: {
    /** "area" is exact pixel coverage; "bilinear" samples at half-pixel centres without antialiasing; "none" demands equal sizes. */
    readonly filter: "area" | "bilinear" | "nearest" | "none";
    /** stretch: both sides independently; cover: short side, then centre crop; contain: long side, padded with `pad`. */
    readonly fit: "stretch" | "cover" | "contain";
    /** Centre crop of the source before resizing, in source pixels; null: whole picture. */
    readonly crop: { readonly heightPx: number; readonly widthPx: number } | null;
    /** Pixel value 0..255 outside the picture, for `contain`. */
    readonly pad: number;
  };
  /** real = pixel · scale + offset, per channel in `color` order; one entry serves all channels. */
  readonly scale: readonly number[];
  readonly offset: readonly number[];
  readonly layout: "nchw" | "nhwc";
}

/** Rows of numbers (`.npy`, `.npz`, CSV) enter as they are: real = value · scale + offset. */
export interface TensorInput {
  readonly kind: "tensor";
  readonly scale: readonly number[];
  readonly offset: readonly number[];
}

/** From the model's output tensor to the answer. */
export type OutputContract = LabelsOutput | TensorOutput;

export interface LabelsOutput {
  readonly kind: "labels";
  /** Class names in output order, after `labelOffset`. */
  readonly labels: readonly string[];
  /** Outputs to skip at the front (1 when index 0 is "background"). */
  readonly labelOffset: number;
  /** True when the graph ends in logits and the wrapper must apply softmax. */
  readonly softmax: boolean;
  readonly topK: number;
}

export interface TensorOutput {
  readonly kind: "tensor";
}
