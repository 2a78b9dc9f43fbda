import { valueOf } from "@edgewise/graph";
import { type Site, int32s, operator, quantIn, reshaped } from "./emission.ts";
import { asIs, inverse, orderOf } from "./layout/form.ts";
import { undone } from "./layout/need.ts";
import { permOf } from "./layout/spread.ts";
import { alias, dimsOf, operandAt, resultAt } from "./ports.ts";

/**
 * Transpose: nothing where the layout has the operand in the result's order, RESHAPE where only dims of 1 move, else TRANSPOSE.
 *
 * Source: TFLite kernels/transpose.cc.
 */
export function lowerTranspose(site: Site): void {
  const id = site.node.outputs[0] ?? "";
  const x = operandAt(site, 0);
  const to = site.emission.layout.stored.get(id);
  const value = valueOf(site.emission.graph, id);
  const stated = permOf(site.node, dimsOf(x.value).length);
  const goal = to ?? asIs(dimsOf(value));
  const wanted = undone(goal, { perm: stated, dims: dimsOf(x.value) });
  if (orderOf(wanted) === orderOf(x.form)) return alias(site, reshaped(site, x.tensor, { shape: goal.shape, name: id, quant: quantIn(value.quant, goal) }));
  const back = inverse(x.form.perm);
  const perm = wanted.perm.map((axis) => back[axis] ?? axis);
  operator(site, "TRANSPOSE", { inputs: [x.tensor, int32s(site, "perm", perm)], outputs: [resultAt(site).tensor] });
}
