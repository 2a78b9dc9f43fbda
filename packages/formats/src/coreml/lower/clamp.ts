import type { Attrs } from "@edgewise/graph";
import { numbers } from "../literal.ts";
import type { MilTensorType } from "../mil.ts";
import { type Draft, addOperation } from "./draft.ts";

export interface Limits {
  readonly min: number | null;
  readonly max: number | null;
}

/** The fused activation of a node (adr/0001); null when it has none. */
export function limitsOf(attrs: Attrs): Limits | null {
  const bound = (name: string): number | null => {
    const attr = attrs[name];
    return typeof attr === "number" && Number.isFinite(attr) ? attr : null;
  };
  const limits = { min: bound("clampMin"), max: bound("clampMax") };
  return limits.min === null && limits.max === null ? null : limits;
}

/** min(max(x, min), max) as the operation that says it shortest: relu, relu6, clip, maximum, minimum, identity. */
export function addLimits(draft: Draft, { min, max }: Limits, about: { readonly from: string; readonly to: string; readonly type: MilTensorType }): void {
  const { from: x, to, type } = about;
  const outputs = [{ name: to, type }];
  const limit = (value: number) => numbers(type.dtype, [], [value]);
  if (min === null && max === null) addOperation(draft, { type: "identity", inputs: { x }, outputs });
  else if (min === 0 && max === null) addOperation(draft, { type: "relu", inputs: { x }, outputs });
  else if (min === 0 && max === 6) addOperation(draft, { type: "relu6", inputs: { x }, outputs });
  else if (min !== null && max !== null && min <= max) addOperation(draft, { type: "clip", inputs: { x, alpha: limit(min), beta: limit(max) }, outputs });
  else if (max === null) addOperation(draft, { type: "maximum", inputs: { x, y: limit(min ?? 0) }, outputs });
  else addLeast(draft, { x, min, max }, about);
}

/** A minimum; limits that cross give the upper one everywhere, which a maximum before it does not change. */
function addLeast(draft: Draft, { x, min, max }: { readonly x: string; readonly min: number | null; readonly max: number }, { to, type }: { readonly to: string; readonly type: MilTensorType }): void {
  let raised = x;
  if (min !== null) {
    raised = draft.names.fresh(`${to}_raised`);
    addOperation(draft, { type: "maximum", inputs: { x, y: numbers(type.dtype, [], [min]) }, outputs: [{ name: raised, type }] });
  }
  addOperation(draft, { type: "minimum", inputs: { x: raised, y: numbers(type.dtype, [], [max]) }, outputs: [{ name: to, type }] });
}
