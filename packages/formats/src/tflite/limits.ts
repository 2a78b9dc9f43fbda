/**
 * Bounds on what a file may ask of us. Each stands well above any real model; beyond it the file is broken or hostile.
 * Nothing is allocated in proportion to a number in the file: only to bytes that are there.
 */

/** Tables and vectors that several owners share are read once for each. Real files share names and shapes, a few bytes each. */
export const MAX_READS_PER_BYTE = 16;

/** Small files are mostly structure: what the share above grants them in addition, in bytes. */
export const FREE_READ_BYTES: number = 2 ** 16;

/** The largest public classifiers have about a thousand operators; unrolled transformers some 50 thousand. */
export const MAX_OPERATORS = 200_000;

/** About three tensors an operator. */
export const MAX_TENSORS = 600_000;

/** Kernels of TensorFlow Lite take at most 8 dims; converters write up to 6. */
export const MAX_RANK = 8;

/** Inputs or outputs of one operator: Concat of a DenseNet block has 64. */
export const MAX_PORTS = 4096;

/** Names are shown in reasons and diagnostics. */
export const MAX_NAME_BYTES = 4096;

/** Constants written anew (NHWC weights turned, uint8 as int8, float16 as float32), in bytes of result per byte of the file. */
export const MAX_REWRITTEN_PER_BYTE = 8;

/** A window, stride or dilation along one axis: real ones are below 100. Keeps sums of them exact. */
export const MAX_WINDOW: number = 2 ** 20;

/** Mistakes reported from one file; a last one counts the others. Even a large network of unknown operators stays below. */
export const MAX_PROBLEMS = 1000;

/** Scales of one tensor: one a channel, or one a row of a vocabulary, the largest of which is near 3e5. */
export const MAX_CHANNELS: number = 2 ** 20;

/** One dim: the largest vocabulary is near 3e5. */
export const MAX_DIM: number = 2 ** 31 - 1;

/** Files behind a model: labels, and their translations. */
export const MAX_ASSOCIATED_FILES = 1024;
