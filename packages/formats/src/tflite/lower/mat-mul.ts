import { noBias } from "./bias.ts";
import { clamped, clampedAfter } from "./clamp.ts";
import { type Site, operator, valueIn } from "./emission.ts";
import { fullyConnected } from "./gemm.ts";
import { permuted } from "./layout/form.ts";
import { dimsOf, operandAt, realWeights, resultAt, valueAt } from "./ports.ts";
import { refuse } from "./refusal.ts";

/**
 * MatMul: FULLY_CONNECTED where B is a constant matrix, else BATCH_MATMUL, whose leading axes repeat.
 *
 * Source: TFLite kernels/{batch_matmul,fully_connected}.cc.
 */
export function lowerMatMul(site: Site): void {
  const [a, b] = [valueAt(site, 0), valueAt(site, 1)];
  if (a === null || b === null) return refuse({ why: "an operand is missing" });
  if (dimsOf(a).length < 2 || dimsOf(b).length < 2) return refuse({ why: "an operand is a vector", found: `[${dimsOf(a).join(", ")}] and [${dimsOf(b).join(", ")}]`, expected: "matrices", fix: "Give the vector a second axis of 1." });
  const left = operandAt(site, 0);
  if (b.constant && dimsOf(b).length === 2) {
    const weights = realWeights(site, valueIn(site, b.id, permuted(dimsOf(b), [1, 0])));
    const zeros = noBias(site, dimsOf(b)[1] ?? 1);
    const keepDims = dimsOf(a).length > 2;
    clamped(site, resultAt(site).tensor, (into, activation) => fullyConnected(site, { inputs: [left.tensor, weights, zeros], into, activation, keepDims }));
    return;
  }
  const right = operandAt(site, 1);
  clampedAfter(site, resultAt(site).tensor, (into) => operator(site, "BATCH_MATMUL", { inputs: [left.tensor, right.tensor], outputs: [into], options: {} }));
}
