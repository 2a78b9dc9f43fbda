import { type Site, operator, parameter } from "./emission.ts";
import { asIs, axisIn } from "./layout/form.ts";
import { dimsOf, numberAttr, operandAt, resultAt, valueAt, wholesAt } from "./ports.ts";
import { refuse } from "./refusal.ts";

/** GATHER along the layout's axis, positions counted from the front. Source: TFLite kernels/gather.cc. */
export function lowerGather(site: Site): void {
  const x = operandAt(site, 0);
  const stated = numberAttr(site, "axis", 0);
  const indices = valueAt(site, 1);
  if (indices === null) return refuse({ why: "its positions are missing" });
  const dim = dimsOf(x.value).at(stated) ?? 1;
  const whole = wholesIfConstant(site);
  const list = whole === null ? operandAt(site, 1, asIs(dimsOf(indices))).tensor : parameter(site, "positions", {
    type: "INT32", shape: dimsOf(indices), quant: null, data: new Uint8Array(Int32Array.from(whole, (position) => (position < 0 ? position + dim : position)).buffer),
  });
  operator(site, "GATHER", { inputs: [x.tensor, list], outputs: [resultAt(site).tensor], options: { axis: axisIn(x.form, stated), batch_dims: 0 } });
}

function wholesIfConstant(site: Site): readonly number[] | null {
  return valueAt(site, 1)?.constant ? wholesAt(site, 1, "positions") : null;
}
