import { decodeConstant } from "@edgewise/graph/ops";
import { type Site, operator, tensorAt } from "./emission.ts";
import { axisIn } from "./layout/form.ts";
import { between, isQuantized, numberAttr, operandAt, realList, resultAt, valueAt } from "./ports.ts";
import { refuse } from "./refusal.ts";

/**
 * A BatchNormalization that no layer took: MUL by scale / √(variance + epsilon), ADD of bias − mean · that.
 *
 * Source: onnx.ai/onnx/operators/onnx__BatchNormalization.html
 */
export function lowerBatchNormalization(site: Site): void {
  if (isQuantized(site)) return refuse({ why: "it has no int8 form" });
  const x = operandAt(site, 0);
  const [scale, bias, mean, variance] = [1, 2, 3, 4].map((position) => numbersAt(site, position));
  const epsilon = numberAttr(site, "epsilon", 1e-5);
  const factor = (scale ?? []).map((each, c) => each / Math.sqrt((variance?.[c] ?? 1) + epsilon));
  const offset = factor.map((each, c) => (bias?.[c] ?? 0) - (mean?.[c] ?? 0) * each);
  const y = resultAt(site).tensor;
  const rank = tensorAt(site, y).shape.length;
  const shape = [factor.length, ...Array<number>(rank - 1 - axisIn(x.form, 1)).fill(1)];
  const scaled = between(site, y);
  operator(site, "MUL", { inputs: [x.tensor, realList(site, "factor", { shape, numbers: factor })], outputs: [scaled], options: { fused_activation_function: "NONE" } });
  operator(site, "ADD", { inputs: [scaled, realList(site, "offset", { shape, numbers: offset })], outputs: [y], options: { fused_activation_function: "NONE" } });
}

function numbersAt(site: Site, position: number): readonly number[] {
  const value = valueAt(site, position);
  if (value === null || !value.constant) return refuse({ why: "its parameters are computed by the model", expected: "constants" });
  return Array.from(decodeConstant(value).data, Number);
}
