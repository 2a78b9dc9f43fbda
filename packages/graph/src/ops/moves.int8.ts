import type { Attrs } from "../graph.ts";
import { storedOf } from "../int8/affine.ts";
import { int8Data, operandOf, outputQuant, requireSameQuant } from "../int8/operands.ts";
import type { OpDef, QTensor } from "../op.ts";
import type { Quant } from "../quant.ts";
import type { Tensor } from "../tensor.ts";

/** An op's int8 form. */
export type Int8Evaluator = NonNullable<OpDef["evaluateInt8"]>;

/**
 * Ops that move stored numbers and compute nothing: Reshape, Flatten, Transpose, Squeeze, Unsqueeze, Identity, Slice,
 * Split, Gather, Concat.
 *
 *   y's stored numbers are x's; every data operand and every result have one scale and zero point
 *
 * Does not rescale: operands of differing facts are an `OpError` (TFLite's int8 Concat asks the same).
 * Source: TFLite kernels/{concatenation,reshape,slice,split,transpose}.cc.
 */
export function movedInt8(evaluate: OpDef["evaluate"], operands: "first" | "all" = "first"): Int8Evaluator {
  return (inputs: readonly (QTensor | null)[], outputs: readonly Quant[], attrs: Attrs): readonly Tensor[] => {
    const data = operands === "all" ? inputs.filter((input) => input !== null) : [operandOf(inputs[0], "X")];
    for (const operand of data) {
      int8Data(operand, "X");
      for (const output of outputs) requireSameQuant(operand.quant, output);
    }
    return evaluate(inputs.map((input) => input?.tensor ?? null), attrs, outputs.length);
  };
}

/** Pad: as a move, with the stored number of the real constant (0 unless given) as the padding. */
export function padInt8(evaluate: OpDef["evaluate"]): Int8Evaluator {
  return (inputs, outputs, attrs) => {
    const quant = outputQuant(outputs);
    const x = operandOf(inputs[0], "data");
    int8Data(x, "data");
    requireSameQuant(x.quant, quant);
    const real = Number(inputs[2]?.tensor.data[0] ?? 0);
    const fill: Tensor = { dtype: "int8", shape: [], data: Int8Array.of(storedOf(real, quant)) };
    return evaluate([x.tensor, inputs[1]?.tensor ?? null, fill, inputs[3]?.tensor ?? null], attrs, 1);
  };
}
