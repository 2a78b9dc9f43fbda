import type { TensorType } from "@edgewise/formats/tflite";

/** Where a rule can be read: a page or a source file at a commit, and the day it was read. */
export interface Source {
  readonly url: string;
  readonly date: string;
}

/** Types of one accepted form of an operator; a left out `weights` means that the form says nothing of a second operand. */
export interface Form {
  readonly input: TensorType;
  readonly weights?: TensorType;
  readonly output: TensorType;
}

/**
 * What an operator must satisfy to run on a unit; `text` is what the placement table shows where it does not. Inputs are
 * counted as the operator's own.
 *
 *   static          input is a constant of the file, or left out
 *   present         input is not left out
 *   rank            dims of an input
 *   inputs          how many there are, left out ones not counted
 *   outputs         how many there are
 *   option          a field of the options table is one of these values; its default stands for a field left out
 *   option-range    a numeric field lies within [min, max]
 *   numbers         every number of a constant input lies within [min, max]
 *   axes            the constant input holds exactly one of these sets, negative ones counted from the end
 *   window          strides of a pooling do not exceed its window, and a 1x1 window has stride 1
 *   kernel          height and width of a constant kernel [., h, w, .] lie within [min, max]
 *   same-quant      input 0 and output 0 have one scale and zero point, or none
 *   scale-ratio     scale of each of `inputs` ÷ scale of output 0 lies within [min, max), where both have one
 *   scale-product   product of the scales of inputs 0 and 1 ÷ scale of output 0 lies within [min, max)
 *   zero-point      an int8 constant input's zero points are all `is`
 *   equal-uint8     uint8 inputs have output 0's scale and zero point
 *   per-axis        scales of a constant input are one, or one for each element of `axis`
 *   per-tensor      an input has at most one scale, or is a constant of the file
 *   batch           first dim of input 0 is `is`
 *   computed        input is no constant of the file
 *   version         the operator's own version is at most `max`
 *   normal          a numeric field is neither 0, subnormal nor infinite
 */
export type Requirement = { readonly text: string } & (
  | { readonly kind: "static"; readonly input: number }
  | { readonly kind: "present" | "computed"; readonly input: number }
  | { readonly kind: "rank"; readonly input: number; readonly min: number; readonly max: number }
  | { readonly kind: "inputs" | "outputs"; readonly min: number; readonly max: number }
  | { readonly kind: "option"; readonly name: string; readonly among: readonly (string | number)[]; readonly otherwise: string | number }
  | { readonly kind: "option-range"; readonly name: string; readonly min: number; readonly max: number; readonly otherwise: number }
  | { readonly kind: "numbers"; readonly input: number; readonly min: number; readonly max: number }
  | { readonly kind: "axes"; readonly input: number; readonly among: readonly (readonly number[])[] }
  | { readonly kind: "window" }
  | { readonly kind: "kernel"; readonly input: number; readonly min: number; readonly max: number }
  | { readonly kind: "same-quant" | "equal-uint8" }
  | { readonly kind: "scale-ratio"; readonly inputs: readonly number[]; readonly min: number; readonly max: number }
  | { readonly kind: "scale-product"; readonly min: number; readonly max: number }
  | { readonly kind: "zero-point"; readonly input: number; readonly is: number }
  | { readonly kind: "per-axis"; readonly input: number; readonly axis: number }
  | { readonly kind: "per-tensor"; readonly input: number }
  | { readonly kind: "batch"; readonly is: number }
  | { readonly kind: "version"; readonly max: number }
  | { readonly kind: "normal"; readonly name: string }
);

/** One operator's rules: any of the forms, and all of what it requires in it. */
export interface OpRule {
  readonly forms: readonly Form[];
  readonly requires: readonly Requirement[];
  readonly source: Source;
  /** Why, where no form is accepted although the operator is known. */
  readonly refused?: string;
}

/** A unit's rules by BuiltinOperator. What is not listed is not documented, and refused as such. */
export interface DelegateRules {
  /** Name of the unit in placement tables. */
  readonly unit: string;
  readonly ops: Readonly<Record<string, OpRule>>;
  /** Where an operator that is not listed would be. */
  readonly source: Source;
  /** What an operator that is not listed is refused with, where it is not "not documented". */
  readonly otherwise?: string;
  /** Subgraphs of the file that the runtime hands to the unit, the largest ones; the others stay on the CPU. */
  readonly mostPartitions: number;
}
