import type { Sourced } from "./sourced.ts";

export type DeviceClass = "microcontroller" | "board" | "phone" | "laptop" | "browser" | "cloud";

/** Memory is regions and limits, never one number: what does not fit one region is not helped by another. */
export interface MemoryRegion {
  readonly id: string;
  readonly kind: "ram" | "flash" | "storage";
  readonly bytes: Sourced<number> | null;
  /** Held back for the rest of the application, in bytes. */
  readonly reserveBytes: Sourced<number> | null;
  /** Largest single buffer, where the platform limits it. */
  readonly largestBufferBytes: Sourced<number> | null;
}

/** A core or accelerator that runs layers. Rates are sustained, not marketing peaks; null is unknown. */
export interface ComputeUnit {
  readonly id: string;
  readonly kind: "cpu" | "gpu" | "npu";
  /** Property that adapters match kernels to: "armv6-m", "armv7e-m", "xtensa-lx7", "armv8.2-a", "x86-64-avx2", "wasm-simd". */
  readonly isa: string;
  readonly clockHz: Sourced<number> | null;
  readonly cores: number;
  /** Multiply-accumulates per second by element type ("int8", "float32", "float16"), whole unit. */
  readonly macsPerSecond: Readonly<Record<string, Sourced<number>>>;
  /** Memory traffic the unit can sustain, bytes per second. */
  readonly bytesPerSecond: Sourced<number> | null;
  /** Fixed cost of one layer and of one call, milliseconds. */
  readonly layerOverheadMs: Sourced<number> | null;
  readonly callOverheadMs: Sourced<number> | null;
  /** How long machine instructions take; null or absent is unknown. Where an adapter counts them, they say more than rates do. */
  readonly instructionTiming?: InstructionTiming | null;
  /** Interval around a modelled latency: low = expected / spread, high = expected · spread; ≥ 1. */
  readonly spread: Sourced<number>;
}

/**
 * Clock cycles of int8 kernels, waits for memory included: cycles = instructions · cyclesPerInstruction + constant bytes ·
 * cyclesPerConstantByte. The second term is what reading each weight for the first time costs. low = cycles / spread,
 * high = cycles · spread; spread ≥ 1.
 */
export interface InstructionTiming {
  readonly cyclesPerInstruction: Sourced<number>;
  readonly cyclesPerConstantByte: Sourced<number> | null;
  readonly spread: Sourced<number>;
}

export interface Device {
  readonly id: string;
  readonly name: string;
  readonly class: DeviceClass;
  /** Chip the board carries, as the vendor writes it. */
  readonly chip: string;
  readonly units: readonly ComputeUnit[];
  readonly memory: readonly MemoryRegion[];
  /** Watts while inferring minus idle; null is unknown. */
  readonly activeWatts: Sourced<number> | null;
  /** Interval around it: low = activeWatts / spread, high = activeWatts · spread; absent is none stated. */
  readonly activeWattsSpread?: Sourced<number>;
  /** USD per hour of one instance; null where the device is the user's own. */
  readonly usdPerHour: Sourced<number> | null;
  /** What its own system calls it, letter for letter (Build.MODEL, hw.machine); results of any other device are refused. Absent: nobody has said. */
  readonly reportedAs?: Sourced<readonly string[]>;
  /** Ids of runtimes that exist for this device, each with its source. */
  readonly runtimes: Readonly<Record<string, Sourced<true>>>;
}
