import type { Attrs, Origin } from "@edgewise/graph";
import type { Maker } from "../build.ts";
import { type Table, int8Field } from "../flat.ts";
import type { Operand } from "../operand.ts";
import { type Activation, activations } from "../schema.ts";

/** An operator of the file with its tensors read. */
export interface Operator {
  /** Name of its code, as in the public schema. */
  readonly name: string;
  /** Null where an optional input is left out. */
  readonly inputs: readonly (Operand | null)[];
  readonly outputs: readonly Operand[];
  /** Its own options; null: all at their defaults. */
  readonly options: Table | null;
  readonly origin: Origin;
}

/** Why this use of an operator cannot be expressed. */
export interface Refused {
  readonly why: string;
  readonly found?: string;
  readonly expected?: string;
  readonly fix?: string;
}

/** Adds the nodes that mean what the operator means, or says why there are none. */
export type Lift = (operator: Operator, maker: Maker) => Refused | null;

/** The operand at a position that must be there. */
export function given(operand: Operand | null | undefined, name: string): Operand {
  if (operand) return operand;
  throw new MissingOperand(name);
}

/** An operator without an operand it needs: caught where lifts are called. */
export class MissingOperand extends Error {
  readonly operand: string;
  constructor(operand: string) {
    super(`${operand} is missing`);
    this.operand = operand;
  }
}

/** Whether integer arithmetic or float arithmetic is meant: every operand is float, or quantized; a null operand counts not. */
export function isComputable(...operands: readonly (Operand | null | undefined)[]): boolean {
  return operands.every((operand) => !operand || operand.quant !== null || operand.dtype === "float32");
}

export const notComputable: Refused = { why: "its numbers are integers without a scale", expected: "float32, or int8 with a scale", fix: "Convert the model to float32 or int8." };

export function activationOf(options: Table | null, field: number): Activation | null {
  return activations[int8Field(options, field)] ?? null;
}

/** A fused activation as a clamp of the node (adr/0001); null for one that is no clamp. */
export function clampOf(activation: Activation | null): Attrs | null {
  switch (activation) {
    case "NONE": return {};
    case "RELU": return { clampMin: 0 };
    case "RELU_N1_TO_1": return { clampMin: -1, clampMax: 1 };
    case "RELU6": return { clampMin: 0, clampMax: 6 };
    case "TANH": case "SIGN_BIT": case null: return null;
    default: return activation satisfies never;
  }
}

export function refusedActivation(activation: Activation | null): Refused {
  return { why: "its fused activation is not a clamp", found: activation ?? "an unknown code", expected: "NONE, RELU, RELU6 or RELU_N1_TO_1", fix: "Write the activation as a layer of its own." };
}
