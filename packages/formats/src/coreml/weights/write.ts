import { invariant } from "@edgewise/graph";
import { milDTypes } from "../dtypes.ts";
import type { MilNumbers } from "../mil.ts";
import { BLOB_ALIGNMENT, BLOB_SENTINEL, STORAGE_VERSION, metadataOffsets, storageOffsets } from "./layout.ts";

export interface WrittenWeights {
  readonly bytes: Uint8Array;
  /** Where each blob's metadata stands: what the model refers to. */
  readonly offsets: readonly number[];
}

/**
 * A weight file.
 *
 *   header · (metadata · contents) for each blob; header, metadata and contents each start at a multiple of 64 bytes
 *
 * Source: github.com/apple/coremltools, mlmodel/src/MILBlob/Blob/StorageFormat.hpp
 */
export function writeWeights(blobs: readonly MilNumbers[]): WrittenWeights {
  const offsets: number[] = [];
  let end = BLOB_ALIGNMENT;
  for (const { bytes } of blobs) {
    offsets.push(end);
    end = aligned(end + BLOB_ALIGNMENT + bytes.length);
  }
  const file = new Uint8Array(end);
  const view = new DataView(file.buffer);
  view.setUint32(storageOffsets.count, blobs.length, true);
  view.setUint32(storageOffsets.version, STORAGE_VERSION, true);
  blobs.forEach((blob, index) => writeBlob(view, blob, offsets[index] ?? 0));
  return { bytes: file, offsets };
}

function writeBlob(view: DataView, { type, bytes }: MilNumbers, at: number): void {
  const { blob, bits } = milDTypes[type.dtype];
  invariant(blob !== null, `a weight file holds no ${type.dtype}`);
  const contents = at + BLOB_ALIGNMENT;
  const elements = type.shape.reduce<number>((product, dim) => product * (dim ?? 1), 1);
  view.setUint32(at + metadataOffsets.sentinel, BLOB_SENTINEL, true);
  view.setUint32(at + metadataOffsets.dtype, blob, true);
  view.setBigUint64(at + metadataOffsets.sizeBytes, BigInt(bytes.length), true);
  view.setBigUint64(at + metadataOffsets.contents, BigInt(contents), true);
  view.setBigUint64(at + metadataOffsets.paddingBits, BigInt(bytes.length * 8 - elements * bits), true);
  new Uint8Array(view.buffer).set(bytes, contents);
}

function aligned(offset: number): number {
  return Math.ceil(offset / BLOB_ALIGNMENT) * BLOB_ALIGNMENT;
}
