import type { InputContract, OutputContract } from "./contract.ts";
import type { Precision } from "./runtime.ts";
import type { Estimate } from "./sourced.ts";

/** sha256, lower-case hex. */
export type Digest = string;

/** What reading a model file told us; no weights, no graph. */
export interface ModelFacts {
  /** Path relative to plan.yaml, with forward slashes. */
  readonly file: string;
  readonly digest: Digest;
  /** Members of a family differ in width and resolution only; a lone file is its own family. */
  readonly family: string;
  readonly variant: string;
  readonly resolution: { readonly heightPx: number; readonly widthPx: number } | null;
  readonly licence: string | null;
  readonly parameters: number;
  readonly macs: number;
  readonly input: { readonly name: string; readonly dtype: string; readonly shape: readonly (number | string)[] };
  readonly output: { readonly name: string; readonly dtype: string; readonly shape: readonly (number | string)[] };
  /** Already int8 in the file: its scales are kept, and float precisions are not offered. */
  readonly quantized: boolean;
}

/** One item of a memory bill; items of a region add up to its total. */
export interface BillItem {
  readonly name: string;
  readonly bytes: number;
}

export interface RegionBill {
  readonly region: "ram" | "flash" | "storage";
  readonly items: readonly BillItem[];
  /** Sum of the items. Exact where the adapter owns the allocator, else an interval around it. */
  readonly total: Estimate;
  readonly largestBufferBytes: number;
}

/** One layer's verdict and the adapter's rule that decided it. */
export interface LayerFact {
  readonly node: string;
  readonly op: string;
  readonly supported: boolean;
  readonly rule: string;
  readonly macs: number;
  /** Unit that it is predicted to run on, where the runtime splits a model between units. */
  readonly unitKind?: "cpu" | "gpu" | "npu";
}

/** Work after the adapter's own lowering, for one inference on one unit kind. */
export interface UnitWork {
  readonly unitKind: "cpu" | "gpu" | "npu";
  /** Element type of the multiply, the key of `ComputeUnit.macsPerSecond`. */
  readonly macType: string;
  readonly macs: number;
  /** Weights and activations moved, bytes. */
  readonly bytesMoved: number;
  readonly layers: number;
  /** Machine instructions of one inference, whole program, where the adapter's own code is all that runs; absent is unknown. */
  readonly instructions?: Estimate;
  /** Weights and tables that one inference reads, in bytes, beside `instructions`. */
  readonly constantBytes?: number;
}

/** What `Adapter.assess` returns: the only truth about support and memory of a model on a device. */
export interface TargetFacts {
  readonly model: Digest;
  readonly precision: Precision;
  readonly resolution: { readonly heightPx: number; readonly widthPx: number } | null;
  readonly device: string;
  readonly runtime: string;
  readonly runtimeVersion: string;
  readonly backend: string;
  readonly layers: readonly LayerFact[];
  readonly memory: readonly RegionBill[];
  /** Bytes of the model artefact that is shipped. */
  readonly bundleBytes: Estimate;
  readonly work: readonly UnitWork[];
  /**
   * Share of the multiply-accumulates, 0 to 1, predicted to run on the unit that the backend is for, by its rules. Absent:
   * the runtime does not split models, or nobody has said; a budget on it is not met then.
   */
  readonly delegateCoverage?: Estimate;
  /** Of the layers left to the CPU the one with the most multiply-accumulates; absent where none is. */
  readonly largestUndelegated?: Pick<LayerFact, "node" | "op" | "rule">;
}

/** The key that makes an accuracy transferable: change any part, and it must be measured again. */
export interface AccuracyKey {
  readonly model: Digest;
  readonly precision: Precision;
  readonly resolution: { readonly heightPx: number; readonly widthPx: number } | null;
  /** Digest of ranges, method and data that fixed the integers; null for float precisions. */
  readonly calibration: Digest | null;
  readonly numerics: string;
  readonly data: Digest;
  readonly contract: Digest;
  readonly metric: Metric;
}

export type Metric = "top1" | "top5" | "per-class-minimum" | "f1" | "mse" | "agreement";

export interface AccuracyFact {
  readonly kind: "accuracy";
  readonly key: AccuracyKey;
  /** Selection half chooses, confirmation half proves; a sample is in exactly one. */
  readonly half: "selection" | "confirmation";
  readonly samples: number;
  /** Samples this half holds; `samples` of them were run, in an order fixed by the data's digests. */
  readonly available: number;
  /** Right answers among `samples` where the metric is a rate (top1, top5, agreement); null elsewhere. */
  readonly correct: number | null;
  /** The float model on the same samples, for a `drop`; null when it was not run beside this one. */
  readonly paired: PairedCounts | null;
  /** False when stopped early because the bound was decided, or by the time box. */
  readonly complete: boolean;
  readonly stopped: "all-samples" | "decided" | "time-box";
  /** 95 % interval; fraction for rates, the metric's own unit for mse. */
  readonly value: Estimate;
}

/** Two models on the same samples, as counts of samples; the four add up to the samples run. */
export interface PairedCounts {
  readonly bothRight: number;
  /** The float model was right, this one wrong. */
  readonly lost: number;
  /** The float model was wrong, this one right. */
  readonly gained: number;
  readonly bothWrong: number;
}

/** Labelled data as the planner sees it: what it is, and how many samples each half holds. */
export interface EvaluationFacts {
  readonly data: Digest;
  readonly contract: Digest;
  readonly samples: { readonly selection: number; readonly confirmation: number };
}

/** A latency measured on real silicon: holds for exactly this device and artefact. */
export interface LatencyFact {
  readonly kind: "latency";
  readonly device: string;
  readonly runtime: string;
  readonly runtimeVersion: string;
  readonly backend: string;
  readonly model: Digest;
  readonly precision: Precision;
  readonly resolution: { readonly heightPx: number; readonly widthPx: number } | null;
  readonly runs: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly value: Estimate;
  /** What the device said beside it; absent where it was timed without a bundle's own benchmark. */
  readonly run?: DeviceRun;
}

/** One run of a bundle's benchmark on a device. */
export interface DeviceRun {
  /** sha256 of the model file that ran. */
  readonly artefact: Digest;
  /** What the device calls itself, and its system: "Pixel 8", "Android 15". */
  readonly device: string;
  readonly os: string;
  readonly threads: number | null;
  /** The backend that ran, after every fallback. */
  readonly ranOn: string;
  readonly burst: { readonly runs: number; readonly durationMs: number; readonly p50Ms: number; readonly p95Ms: number };
  readonly sustained: DeviceRun["burst"] | null;
  /** Measured in place of `TargetFacts.delegateCoverage`; null: the runtime did not say. */
  readonly delegateCoverage: Estimate | null;
  readonly memoryHighWaterBytes: number | null;
  readonly energyJoules: number | null;
}

export type Measurement = AccuracyFact | LatencyFact;

/** Calibration as a content-addressed fact: emission never recalibrates. */
export interface CalibrationFact {
  /** Digest of everything that fixed the ranges: model, data, contract, method, samples asked for. The key of accuracies. */
  readonly key: Digest;
  readonly model: Digest;
  readonly data: Digest;
  readonly contract: Digest;
  readonly method: "min-max" | "percentile" | "mse";
  readonly samples: number;
  /** Real ranges per value id, as float32 numbers. */
  readonly ranges: Readonly<Record<string, readonly [low: number, high: number]>>;
  /** Mean of each channel of a value, for bias correction. */
  readonly means: Readonly<Record<string, readonly number[]>>;
}

export interface TaskContract {
  readonly input: InputContract;
  readonly output: OutputContract;
}
