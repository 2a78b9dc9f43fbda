import type { Diagnostic, Graph, Result } from "@edgewise/graph";
import type { Candidate, Device, Digest, Precision, Runtime, TargetFacts, TaskContract } from "@edgewise/planner/schema";
import type { Bundle } from "./bundle.ts";

/** Everything an adapter may know when it judges a model for a device. No weights' values are read. */
export interface AssessInput {
  /** Canonical graph in the precision of the file (float, or int8 as read), resolution bound, batch 1. */
  readonly graph: Graph;
  readonly model: Digest;
  readonly precision: Precision;
  readonly resolution: { readonly heightPx: number; readonly widthPx: number } | null;
  readonly device: Device;
  readonly backend: string;
  readonly contract: TaskContract;
}

/** One raw input (a file's bytes, or a tensor's), the tensor it becomes, and the answer the reference gives. */
export interface GoldenVector {
  readonly name: string;
  /** The raw input as the user holds it: PNG/JPEG bytes, or a little-endian tensor. */
  readonly raw: { readonly kind: "image" | "tensor"; readonly bytes: Uint8Array };
  /** Little-endian bytes of the graph's input and output, in the dtypes of the emitted graph. */
  readonly input: Uint8Array;
  readonly output: Uint8Array;
}

/** Bytes of a bundle are a function of this alone. */
export interface EmitInput {
  /** The graph after canonical passes and, for integer precisions, quantization. */
  readonly graph: Graph;
  readonly candidate: Candidate;
  readonly facts: TargetFacts;
  readonly device: Device;
  readonly contract: TaskContract;
  readonly licence: string | null;
  readonly plan: Digest;
  readonly costs: Bundle["manifest"]["costs"];
  readonly golden: readonly GoldenVector[];
}

/** A model file as its runtime takes it. Its answers are those of the emitted one; labels and other words for people may lack. */
export interface ModelFile {
  readonly bytes: Uint8Array;
  /** Axis i of the file's input, or output, is axis `axes[i]` of the graph's; null: the same order. One input, one output. */
  readonly inputAxes: readonly number[] | null;
  readonly outputAxes: readonly number[] | null;
}

/** An adapter is an object of four members; its rules are the only truth about support and memory of its targets. */
export interface Adapter {
  readonly runtime: Runtime;
  /** Pure and synchronous: facts without emitting. */
  assess(input: AssessInput): TargetFacts;
  emit(input: EmitInput): Promise<Result<Bundle>>;
  /** Re-reads the bytes and proves structure against the manifest's promises; runs nothing. */
  check(bundle: Bundle): Promise<readonly Diagnostic[]>;
  /**
   * The file of a graph that is in `precision` already, where accuracy is measured by running files of this kind. Left out:
   * another machine computes the same answers, as `numerics` of the backends says.
   */
  modelFile?(graph: Graph, precision: Precision): Result<ModelFile>;
}
