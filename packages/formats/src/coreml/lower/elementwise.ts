import { type Lowering, give, operand } from "./use.ts";

/** Add, Sub, Mul, Div, Min, Max → operations of two operands; both broadcast as numpy. */
export function lowerBinary(type: "add" | "sub" | "mul" | "real_div" | "minimum" | "maximum"): Lowering {
  return (use) => give(use, type, { x: operand(use, 0), y: operand(use, 1) });
}

/** Relu, Sigmoid, Tanh → operations of one operand without parameters. */
export function lowerUnary(type: "relu" | "sigmoid" | "tanh"): Lowering {
  return (use) => give(use, type, { x: operand(use, 0) });
}
