import { type Graph, type Result, ok } from "@edgewise/graph";
import { type LowerOptions, type LoweredTflite, lowerToTflite } from "./lower/lower.ts";
import { type EncodeOptions, encodeTflite } from "./write/encode.ts";

export type WriteTfliteOptions = LowerOptions & EncodeOptions;

export interface WrittenTflite extends LoweredTflite {
  /** The file. */
  readonly bytes: Uint8Array;
}

/**
 * Writes a canonical graph with fixed sizes as a TensorFlow Lite file. The bytes are a function of the arguments alone.
 *
 * Errors: those of `lowerToTflite`.
 */
export function writeTflite(graph: Graph, options: WriteTfliteOptions = {}): Result<WrittenTflite> {
  const lowered = lowerToTflite(graph, options);
  return lowered.ok ? ok({ ...lowered.value, bytes: encodeTflite(lowered.value.program, options) }, lowered.warnings) : lowered;
}
