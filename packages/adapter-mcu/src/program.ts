import type { Origin, Quant } from "@edgewise/graph";
import type { KernelName } from "./kernels/kernel.ts";
import type { Layout } from "./layout.ts";

/** C element types of constants. */
export type ConstantType = "int8_t" | "int32_t";

/** An array that stays in flash. */
export interface ConstantArray {
  readonly name: string;
  readonly type: ConstantType;
  /** What the bytes are for, in the flash bill. */
  readonly use: "weights" | "bias" | "requantization" | "table";
  readonly data: Int8Array | Int32Array;
  /** One line above the array in the C file: shape and meaning. */
  readonly comment: string;
}

/** A field of a layer's parameter struct: a number, or the address of one of the layer's arrays (null: NULL). */
export type Parameter = number | { readonly array: string } | null;

/** One kernel call. Activations are named; constants are the layer's own. */
export interface Layer {
  readonly kernel: KernelName;
  readonly origin: Origin;
  /** Op of the graph's node that this layer does the work of. */
  readonly op: string;
  readonly parameters: Readonly<Record<string, Parameter>>;
  readonly arrays: readonly ConstantArray[];
  readonly inputs: readonly string[];
  /** Where in `output`'s buffer the layer starts to write; a concatenation's parts write at different places. */
  readonly outputOffsetBytes: number;
  readonly output: string;
  /** Per input: bytes of the output's end that may lie over the start of that input when it dies here; 0: none. */
  readonly overlapBytes: readonly number[];
  /** Per input: true when the output may lie over it from its very start and no other way (`overlapBytes` does not count then); left out: none. */
  readonly replaces?: readonly boolean[];
  /** Working memory in the arena while the layer runs, aligned to four bytes; 0: none. */
  readonly scratchBytes: number;
  readonly macs: number;
}

/** An activation in the arena, int8: one byte an element. */
export interface Activation {
  readonly id: string;
  readonly bytes: number;
}

/** Where the caller meets the network. */
export interface Port {
  readonly id: string;
  readonly activation: string;
  /** Shape as the model declares it, and the order in which its bytes lie in memory. */
  readonly shape: readonly number[];
  readonly layout: Layout;
  readonly quant: Quant;
}

/** A network after lowering: everything that emission and the bills need. */
export interface Program {
  readonly name: string;
  readonly input: Port;
  readonly output: Port;
  readonly layers: readonly Layer[];
  readonly activations: readonly Activation[];
  /** Offset of each activation in the arena, by id, and the arena's size. */
  readonly offsets: ReadonlyMap<string, number>;
  readonly arenaBytes: number;
}

/** Alignment of the arena, its size, and of working memory in it: that of a word. */
export const ARENA_ALIGNMENT_BYTES = 4;

/** Name of layer `index`'s working memory in the arena. */
export function scratchId(index: number): string {
  return `#scratch ${index}`;
}
