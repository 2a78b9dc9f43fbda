/** Bounds on the messages of one file. Each stands well above any real model; beyond it the file is broken or hostile. */

/** ONNX needs about 6 levels outside If and Loop bodies; the types of an ML program's operations 16. */
export const MAX_NESTING = 32;

/** Names are shown in reasons and diagnostics. */
export const MAX_NAME_CHARACTERS = 4096;

/** Messages of a whole file: an object is made for each. An ONNX node takes about 10, an ML program's operation 60. */
export const MAX_MESSAGES = 4_000_000;
