import type { KernelName } from "../kernels/kernel.ts";

/** Cores whose code was measured. */
export type Core = "cortex-m0plus" | "cortex-m3" | "cortex-m4" | "cortex-m33";

/** Code and stack of one function's object file, in bytes, at one optimisation level. */
export interface Size {
  readonly code: number;
  /** Sum over the functions of the object: what the deepest call chain through it cannot exceed. */
  readonly stack: number;
}

/** Measured sizes for one core. */
export interface CoreFootprint {
  readonly kernels: Readonly<Record<KernelName, Readonly<Record<Optimization, Size>>>>;
  /** The network's own function: a fixed part, and one part a layer. */
  readonly run: Readonly<Record<Optimization, { readonly base: number; readonly perLayer: number; readonly stack: number }>>;
}

export type Optimization = "-Os" | "-O2";

/** Compiler and sizes, as `footprint.qemu.test.ts` measured them. */
export interface FootprintTable {
  readonly compiler: string;
  readonly flags: string;
  readonly cores: Readonly<Record<Core, CoreFootprint>>;
}
