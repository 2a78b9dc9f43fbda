/**
 * Bounds on what a file may ask of us. Each stands well above any real model; beyond it the file is broken or hostile.
 * Nothing is allocated in proportion to a number in the file: only to bytes that are there.
 */

/** The largest public classifiers have a few thousand nodes; transformers unrolled by hand some 50 thousand. */
export const MAX_NODES = 200_000;

/** Images have 4 dims; reshapes around attention 5 or 6. */
export const MAX_RANK = 16;

/** One dim: the largest vocabulary is near 3e5. */
export const MAX_DIM: number = 2 ** 31 - 1;

/** Inputs or outputs of one node: Concat of a DenseNet block has 64. */
export const MAX_PORTS = 4096;

/** Mistakes reported from one file; a last one counts the others. Even a large network of unknown ops stays below. */
export const MAX_PROBLEMS = 1000;

/** Bytes of constants that a file describes without holding them (ConstantOfShape), in all: real ones are masks and zeros. */
export const MAX_FILLED_BYTES: number = 2 ** 24;
