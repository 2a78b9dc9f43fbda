/**
 * Bounds on what a package may ask of us. Each stands well above any real model; beyond it the files are broken or hostile.
 * Nothing is allocated in proportion to a number in a file: only to bytes that are there.
 */

/** A layer is one operation and some six consts; the largest public classifiers have a few thousand layers. */
export const MAX_OPERATIONS = 400_000;

/** Images have 4 dims; MIL itself stops at 5 for most operations. */
export const MAX_RANK = 16;

/** One dim: the largest vocabulary is near 3e5. */
export const MAX_DIM: number = 2 ** 31 - 1;

/** Inputs, outputs, attributes or arguments of one operation: concat of a DenseNet block has 64. */
export const MAX_PORTS = 4096;

/** Class labels: ImageNet's full list has 21841. */
export const MAX_LABELS = 1_000_000;

/** A manifest of ours has 617 bytes. */
export const MAX_MANIFEST_BYTES = 1_000_000;

/** Mistakes reported from one package; a last one counts the others. */
export const MAX_PROBLEMS = 1000;
