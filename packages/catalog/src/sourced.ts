import type { Basis, ComputeUnit, Device, MemoryRegion, Sourced } from "@edgewise/planner/schema";

/** A number or flag with its page; read on the day the catalog was made. */
export function read<T>(value: T, ref: string, basis: Basis = "published"): Sourced<T> {
  return { value, basis, ref, date: "2026-11-22" };
}

/** A region whose size its vendor states, nothing held back, no limit on one buffer. */
export function region(kind: MemoryRegion["kind"], id: string, bytes: Sourced<number>): MemoryRegion {
  return { id, kind, bytes, reserveBytes: null, largestBufferBytes: null };
}

/** Runtimes with the page that says they run here. */
export function runtimes(refs: Readonly<Record<string, string>>): Device["runtimes"] {
  return Object.fromEntries(Object.entries(refs).map(([id, ref]) => [id, read(true as const, ref)]));
}

/** Emitted C99 needs a C compiler for the chip; the page is where it comes from. */
export const armGcc = "https://developer.arm.com/downloads/-/arm-gnu-toolchain-downloads";
export const onnxruntimePlatforms = "https://onnxruntime.ai/docs/get-started/";

/** Android 6 and later; NNAPI, one way to its NPU, is deprecated from Android 15 (developer.android.com/ndk/guides/neuralnetworks/migration-guide). */
export const litertOnAndroid = "https://ai.google.dev/edge/litert/android";

export const coremlOnIos = "https://developer.apple.com/documentation/coreml";

/** A unit that is there and has been timed on no public page: what it would take is unknown until it is measured. */
export function unratedUnit(unit: Pick<ComputeUnit, "id" | "kind" | "isa" | "cores">, ref: string): ComputeUnit {
  return { ...unit, clockHz: null, macsPerSecond: {}, bytesPerSecond: null, layerOverheadMs: null, callOverheadMs: null, spread: read(2, ref, "assumed") };
}

const perfPages = "https://github.com/qualcomm/ai-hub-models/tree/b61a0090/src/qai_hub_models/models/mediapipe_hand_gesture";
/** A small int8 network of 174 layers takes 0.557 ms in onnxruntime on a Galaxy S24's CPU: no layer costs more than this. */
const LAYER_MS = 0.0032;

/** Fixed cost of one onnxruntime layer, carried over from one phone; `slower` tells how many times as much here. */
export function onnxruntimeLayerMs(slower: number): Sourced<number> {
  return read(LAYER_MS * slower, perfPages, "assumed");
}
