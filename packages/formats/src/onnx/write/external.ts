import type { FileTensor } from "./node.ts";

/** Offsets are multiples of this, so that a runtime can map the file: the recommendation of onnx.proto. */
const ALIGNMENT_BYTES = 4096;

/** Which tensors stand in the external file, and where. */
export interface ExternalLayout {
  readonly location: string;
  readonly offsets: ReadonlyMap<string, number>;
  readonly data: Uint8Array;
}

/** Tensors of at least `thresholdBytes`, in the order of the file, each at an aligned offset. */
export function layOutExternal(tensors: readonly FileTensor[], options: { readonly location: string; readonly thresholdBytes: number }): ExternalLayout {
  const large = tensors.filter(({ bytes }) => bytes.length > 0 && bytes.length >= options.thresholdBytes);
  const offsets = new Map<string, number>();
  let end = 0;
  for (const { name, bytes } of large) {
    const offset = Math.ceil(end / ALIGNMENT_BYTES) * ALIGNMENT_BYTES;
    offsets.set(name, offset);
    end = offset + bytes.length;
  }
  const data = new Uint8Array(end);
  for (const { name, bytes } of large) data.set(bytes, offsets.get(name) ?? 0);
  return { location: options.location, offsets, data };
}
