import { clampedAfter } from "./clamp.ts";
import { type Site, int32s, operator } from "./emission.ts";
import { axisIn } from "./layout/form.ts";
import { dimsOf, operandAt, resultAt, wholesAt } from "./ports.ts";

/** GlobalAveragePool and ReduceMean as MEAN over axes counted in the layout. Source: TFLite kernels/reduce.cc. */
export function lowerMean(site: Site): void {
  const x = operandAt(site, 0);
  const rank = dimsOf(x.value).length;
  const all = Array.from({ length: rank }, (_, axis) => axis);
  const stated = site.node.op === "ReduceMean" ? (wholesAt(site, 1, "axes") ?? []) : all.slice(2);
  const whole = stated.length > 0 ? stated : site.node.attrs["noop_with_empty_axes"] === 1 ? [] : all;
  const axes = [...new Set(whole.map((axis) => axisIn(x.form, axis)))].sort((a, b) => a - b);
  const keeps = site.node.op !== "ReduceMean" || site.node.attrs["keepdims"] !== 0;
  clampedAfter(site, resultAt(site).tensor, (into) => operator(site, "MEAN", { inputs: [x.tensor, int32s(site, "axes", axes)], outputs: [into], options: { keep_dims: keeps ? 1 : 0 } }));
}
