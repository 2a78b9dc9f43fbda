import { type Diagnostic, type Quant, type Value, subjectOf } from "@edgewise/graph";
import { numbers } from "../literal.ts";
import { stringValue } from "../mil.ts";
import { isAtLeast } from "../target.ts";
import { type Draft, addIntermediate, addOperation, typeOf } from "./draft.ts";
import { warnOfRounding } from "./scale-rounding.ts";

interface Pair {
  readonly value: Value;
  readonly quant: Quant;
  /** Name of the reals. */
  readonly from: string;
  /** Name of the reals that the stored integers stand for. */
  readonly to: string;
}

/**
 * quantize to the stored type, and dequantize: what a system may run in integers.
 *
 *   from iOS 17; int8 and uint8; scale in the type that is computed with
 *
 * Errors: COREML_TARGET. Warning: COREML_SCALE_ROUNDED. Source: apple.github.io/coremltools, MIL ops, quantize and dequantize
 */
export function addPair(draft: Draft, { value, quant, from, to }: Pair): void {
  const { dtype } = value;
  if (!isAtLeast(draft.target, "iOS17") || (dtype !== "int8" && dtype !== "uint8")) {
    draft.problems.push(targetProblem(draft, value));
    return;
  }
  if (draft.compute === "fp16") warnOfRounding(draft, value.id, quant);
  const type = typeOf(draft, value.id);
  const shape = quant.axis === null ? [] : [quant.scale.length];
  const parameters = {
    scale: numbers(draft.compute, shape, quant.scale),
    zero_point: numbers(dtype, shape, quant.zeroPoint),
    ...(quant.axis === null ? {} : { axis: numbers("int32", [], [quant.axis]) }),
  };
  const stored = addIntermediate(draft, `${to}_quantized`, { type: "quantize", inputs: { input: from, ...parameters, output_dtype: stringValue(dtype) }, output: { ...type, dtype } });
  addOperation(draft, { type: "dequantize", inputs: { input: stored, ...parameters }, outputs: [{ name: to, type }] });
}

function targetProblem(draft: Draft, { id, dtype }: Value): Diagnostic {
  const producer = draft.graph.nodes.find(({ outputs }) => outputs.includes(id));
  return {
    code: "COREML_TARGET", severity: "error", subject: producer === undefined ? { kind: "argument", name: id } : subjectOf(producer), summary: "Quantized activations need a newer deployment target",
    found: `${dtype} at ${draft.target}`, expected: "int8 or uint8 from iOS17", fix: "Raise the deployment target to iOS 17, or emit the model with quantized weights only.",
  };
}
