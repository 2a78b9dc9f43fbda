import { type Site, operator, tensorAt } from "./emission.ts";
import { operandAt, resultAt } from "./ports.ts";

/** Quantize, from floats or from another scale. Source: TFLite kernels/quantize.cc. */
export function lowerQuantize(site: Site): void {
  const x = operandAt(site, 0);
  operator(site, "QUANTIZE", { inputs: [x.tensor], outputs: [resultAt(site).tensor] });
}

/** Source: TFLite kernels/dequantize.cc. */
export function lowerDequantize(site: Site): void {
  const x = operandAt(site, 0);
  operator(site, "DEQUANTIZE", { inputs: [x.tensor], outputs: [resultAt(site).tensor] });
}

/** CAST between plain types. Source: TFLite kernels/cast.cc. */
export function lowerCast(site: Site): void {
  const x = operandAt(site, 0);
  const y = resultAt(site).tensor;
  operator(site, "CAST", { inputs: [x.tensor], outputs: [y], options: { in_data_type: tensorAt(site, x.tensor).type, out_data_type: tensorAt(site, y).type } });
}
