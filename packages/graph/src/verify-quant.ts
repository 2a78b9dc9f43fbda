import type { Diagnostic, Subject } from "./diagnostic.ts";
import { dtypes } from "./dtype.ts";
import type { Value } from "./graph.ts";
import type { Quant } from "./quant.ts";

/**
 * Form of one value's quantization fact.
 *
 *   stored type whole; axis within the rank; one scale and zero point per index of the axis, or one in all;
 *   scales positive, finite and float32; zero points whole and within the stored type
 */
export function verifyQuant(value: Value, subject: Subject): readonly Diagnostic[] {
  const quant = value.quant;
  if (quant === null) return [];
  const info = dtypes[value.dtype];
  if (info.kind !== "signed" && info.kind !== "unsigned") {
    return [problem("GRAPH_QUANT_DTYPE", value, { subject, found: value.dtype, expected: "an integer type" })];
  }
  return [...verifyCount(value, quant, subject), ...verifyNumbers(value, quant, subject)];
}

function verifyCount(value: Value, quant: Quant, subject: Subject): readonly Diagnostic[] {
  const { axis, scale, zeroPoint } = quant;
  const rank = value.shape?.length ?? null;
  if (axis !== null && (!Number.isInteger(axis) || axis < 0 || (rank !== null && axis >= rank))) {
    return [problem("GRAPH_QUANT_AXIS", value, { subject, found: `axis ${axis}`, expected: `0 to ${(rank ?? 1) - 1}` })];
  }
  const along = axis === null ? 1 : (value.shape?.[axis] ?? scale.length);
  const expected = typeof along === "number" ? along : scale.length;
  if (scale.length === expected && zeroPoint.length === expected) return [];
  return [problem("GRAPH_QUANT_COUNT", value, { subject, found: `${scale.length} scales, ${zeroPoint.length} zero points`, expected: `${expected} of each` })];
}

function verifyNumbers(value: Value, quant: Quant, subject: Subject): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  const badScale = quant.scale.find((scale) => !(scale > 0) || !Number.isFinite(scale) || Math.fround(scale) !== scale);
  if (badScale !== undefined) {
    found.push(problem("GRAPH_QUANT_SCALE", value, { subject, found: String(badScale), expected: "a positive, finite float32 number" }));
  }
  const { kind, bits } = dtypes[value.dtype];
  const low = kind === "signed" ? -(2 ** (bits - 1)) : 0;
  const high = low + 2 ** bits - 1;
  const badZero = quant.zeroPoint.find((zero) => !Number.isInteger(zero) || zero < low || zero > high);
  if (badZero !== undefined) {
    found.push(problem("GRAPH_QUANT_ZERO_POINT", value, { subject, found: String(badZero), expected: `a whole number from ${low} to ${high}` }));
  }
  return found;
}

function problem(code: string, value: Value, at: { readonly subject: Subject; readonly found: string; readonly expected: string }): Diagnostic {
  return {
    code, severity: "error", ...at,
    summary: `The quantization of ${value.id} is not well formed.`,
    fix: "Quantize the model again, or correct the step that made this fact.",
  };
}
