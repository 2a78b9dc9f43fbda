import type { Quant, Value } from "@edgewise/graph";
import { int, numbers } from "../literal.ts";
import { type MilDType, type MilNumbers, tensorType } from "../mil.ts";
import { isAtLeast } from "../target.ts";
import { type Draft, addOperation } from "./draft.ts";
import { warnOfRounding } from "./scale-rounding.ts";

interface Stored {
  readonly value: Value;
  readonly quant: Quant;
  readonly shape: readonly number[];
}

/**
 * Stored integers that the system turns into reals: scale · (stored − zero point).
 *
 *   before iOS 18: constexpr_affine_dequantize, scale and zero point for the tensor or along one axis
 *   from iOS 18:   constexpr_blockwise_shift_scale, scale and offset of the weight's rank
 *
 * Warning: COREML_SCALE_ROUNDED where float16 does not hold a scale. Source: apple.github.io/coremltools, MIL ops
 */
export function addQuantized(draft: Draft, { value, quant, shape }: Stored): string {
  const name = draft.names.fresh(value.id);
  const outputs = [{ name, type: tensorType(draft.compute, shape) }];
  const dtype: MilDType = value.dtype === "uint8" ? "uint8" : "int8";
  const stored: MilNumbers = { kind: "numbers", type: tensorType(dtype, shape), bytes: value.constant?.bytes ?? new Uint8Array() };
  if (draft.compute === "fp16") warnOfRounding(draft, value.id, quant);
  if (isAtLeast(draft.target, "iOS18")) {
    const blocks = shape.map((dim, axis) => axis === quant.axis ? dim : 1);
    const offset = quant.zeroPoint.some((zero) => zero !== 0) ? { offset: [numbers(dtype, blocks, quant.zeroPoint)] } : {};
    const inputs = { data: [stored], scale: [numbers(draft.compute, blocks, quant.scale)], ...offset };
    draft.operations.push({ type: "constexpr_blockwise_shift_scale", name, inputs, outputs, attributes: {} });
    return name;
  }
  const one = quant.axis === null;
  const attributes = {
    quantized_data: stored,
    scale: numbers(draft.compute, one ? [] : [quant.scale.length], quant.scale),
    zero_point: numbers(dtype, one ? [] : [quant.zeroPoint.length], quant.zeroPoint),
    axis: int(quant.axis ?? 0),
  };
  addOperation(draft, { type: "constexpr_affine_dequantize", inputs: {}, outputs, attributes });
  return name;
}
