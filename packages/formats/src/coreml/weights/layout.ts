/**
 * Where the fields of a weight file stand, in bytes; all numbers little-endian.
 * Source: github.com/apple/coremltools, mlmodel/src/MILBlob/Blob/StorageFormat.hpp
 */

/** Header, metadata and contents start at multiples of this; header and metadata are as long. */
export const BLOB_ALIGNMENT = 64;

/** Marks the start of a blob's metadata. */
export const BLOB_SENTINEL = 0xdeadbeef;

/** The version that all systems with ML programs read. */
export const STORAGE_VERSION = 2;

/** Header of the file, from its start: two uint32. */
export const storageOffsets = { count: 0, version: 4 } as const;

/** Metadata of one blob, from its start: two uint32, then uint64s; `contents` counts from the start of the file. */
export const metadataOffsets = { sentinel: 0, dtype: 4, sizeBytes: 8, contents: 16, paddingBits: 24 } as const;
