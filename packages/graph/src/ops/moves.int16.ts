import { type Int16Evaluator, INT16_MAX, INT16_MIN, int16Data } from "../int16/stored.ts";
import { roundAway } from "../int8/fixed-point.ts";
import { perTensor } from "../int8/multiplier.ts";
import { operandOf, outputQuant, requireSameQuant } from "../int8/operands.ts";
import type { OpDef } from "../op.ts";
import type { Tensor } from "../tensor.ts";

/** Ops that move int16 numbers and compute nothing; every data operand and every result have one scale. As the int8 form. */
export function movedInt16(evaluate: OpDef["evaluate"], operands: "first" | "all" = "first"): Int16Evaluator {
  return (inputs, outputs, attrs) => {
    const data = operands === "all" ? inputs.filter((input) => input !== null) : [operandOf(inputs[0], "X")];
    for (const operand of data) {
      int16Data(operand, "X");
      for (const output of outputs) requireSameQuant(operand.quant, output);
    }
    return evaluate(inputs.map((input) => input?.tensor ?? null), attrs, outputs.length);
  };
}

/** Pad: as a move, with the stored number of the real constant (0 unless given) as the padding. */
export function padInt16(evaluate: OpDef["evaluate"]): Int16Evaluator {
  return (inputs, outputs, attrs) => {
    const quant = outputQuant(outputs);
    const x = operandOf(inputs[0], "data");
    int16Data(x, "data");
    requireSameQuant(x.quant, quant);
    const steps = Math.fround(Math.fround(Number(inputs[2]?.tensor.data[0] ?? 0)) / perTensor(quant).scale);
    const fill: Tensor = { dtype: "int16", shape: [], data: Int16Array.of(Math.min(INT16_MAX, Math.max(INT16_MIN, roundAway(steps)))) };
    return evaluate([x.tensor, inputs[1]?.tensor ?? null, fill, inputs[3]?.tensor ?? null], attrs, 1);
  };
}
