import { elementCount } from "@edgewise/graph";
import { milBytes, milDTypes } from "../dtypes.ts";
import type { MilTensorType } from "../mil.ts";
import { BLOB_ALIGNMENT, BLOB_SENTINEL, STORAGE_VERSION, metadataOffsets, storageOffsets } from "./layout.ts";

export interface BlobProblem {
  readonly summary: string;
  readonly found: string;
  readonly expected: string;
}

/** Why the file is no weight file; null when its header is sound. */
export function storageProblem(file: Uint8Array): BlobProblem | null {
  if (file.length < BLOB_ALIGNMENT) return { summary: "The weight file has no header", found: `${file.length} bytes`, expected: `at least ${BLOB_ALIGNMENT}` };
  const version = viewOf(file).getUint32(storageOffsets.version, true);
  return version === STORAGE_VERSION ? null : { summary: "The weight file has another version", found: String(version), expected: String(STORAGE_VERSION) };
}

/**
 * The contents of the blob whose metadata stands at `offset`: a view of the file.
 *
 * Refused: an offset that is not a multiple of 64 or outside of the file, a missing sentinel, another element type or
 * size than `type` has, contents that leave the file.
 */
export function readBlob(file: Uint8Array, offset: number, type: MilTensorType): Uint8Array | BlobProblem {
  const at = `offset ${offset}`;
  if (offset < BLOB_ALIGNMENT || offset % BLOB_ALIGNMENT !== 0 || offset + BLOB_ALIGNMENT > file.length) return { summary: "A weight stands outside of the weight file", found: at, expected: `a multiple of ${BLOB_ALIGNMENT} below ${file.length}` };
  const view = viewOf(file);
  const sentinel = view.getUint32(offset + metadataOffsets.sentinel, true);
  if (sentinel !== BLOB_SENTINEL) return { summary: "No weight starts where the model says", found: `${sentinel.toString(16)} at ${at}`, expected: BLOB_SENTINEL.toString(16) };
  const code = view.getUint32(offset + metadataOffsets.dtype, true);
  if (code !== milDTypes[type.dtype].blob) return { summary: "A weight has another type than the model says", found: `type ${code} at ${at}`, expected: `type ${milDTypes[type.dtype].blob ?? "none"} (${type.dtype})` };
  const size = view.getBigUint64(offset + metadataOffsets.sizeBytes, true);
  const expected = type.shape.includes(null) ? NaN : milBytes(type.dtype, elementCount(type.shape.map(Number)));
  if (size !== bigOf(expected)) return { summary: "A weight has another size than the model says", found: `${size} bytes at ${at}`, expected: `${expected} bytes for ${type.dtype}[${type.shape.join(", ")}]` };
  const start = view.getBigUint64(offset + metadataOffsets.contents, true);
  if (start % BigInt(BLOB_ALIGNMENT) !== 0n || start + size > BigInt(file.length)) return { summary: "The contents of a weight leave the weight file", found: `${size} bytes from ${start}`, expected: `a multiple of ${BLOB_ALIGNMENT}, within ${file.length} bytes` };
  return file.subarray(Number(start), Number(start) + expected);
}

function bigOf(size: number): bigint | null {
  return Number.isSafeInteger(size) ? BigInt(size) : null;
}

function viewOf(file: Uint8Array): DataView {
  return new DataView(file.buffer, file.byteOffset, file.byteLength);
}
