import { type Attrs, invariant } from "@edgewise/graph";
import type { Activation } from "../schema.ts";
import { type Site, type TensorKind, float32, operator, parameter, tensorAt } from "./emission.ts";
import { between } from "./ports.ts";
import { clampRange, storedBytes } from "./stored-number.ts";
import { refuse } from "./refusal.ts";

interface Limits {
  readonly low: number;
  readonly high: number;
}

/** Fused activations that are clamps. */
const fused: readonly { readonly name: Activation; readonly attrs: Attrs }[] = [
  { name: "NONE", attrs: {} },
  { name: "RELU", attrs: { clampMin: 0 } },
  { name: "RELU6", attrs: { clampMin: 0, clampMax: 6 } },
  { name: "RELU_N1_TO_1", attrs: { clampMin: -1, clampMax: 1 } },
];

/**
 * The fused activation that limits results as a clamp does; null when there is none.
 *
 *   float: the same limits · integers: the same stored limits, so that a clamp beyond the type's range is none
 */
export function fusedActivation(kind: Pick<TensorKind, "type" | "quant">, attrs: Attrs): Activation | null {
  const wanted = limitsOf(attrs);
  const exact = fused.find((each) => same(limitsOf(each.attrs), wanted));
  const range = clampRange(kind, attrs);
  if (exact !== undefined || range === null) return exact?.name ?? null;
  return fused.find((each) => {
    const found = clampRange(kind, each.attrs);
    return found?.min === range.min && found.max === range.max;
  })?.name ?? null;
}

export function limitsOf({ clampMin, clampMax }: Attrs): Limits {
  return { low: typeof clampMin === "number" ? clampMin : -Infinity, high: typeof clampMax === "number" ? clampMax : Infinity };
}

function same(a: Limits, b: Limits): boolean {
  return a.low === b.low && a.high === b.high;
}

/**
 * Makes a tensor with an operator that has a fused activation, limited as the node's clamp says; MAXIMUM and MINIMUM
 * follow where no activation does it.
 */
export function clamped(site: Site, to: number, make: (into: number, activation: Activation) => void): void {
  const activation = fusedActivation(tensorAt(site, to), site.node.attrs);
  if (activation !== null) {
    make(to, activation);
    return;
  }
  const inner = between(site, to);
  make(inner, "NONE");
  limit(site, { from: inner, to, attrs: site.node.attrs });
}

/** Makes a tensor with an operator that has no activation of its own. */
export function clampedAfter(site: Site, to: number, make: (into: number) => void): void {
  const { clampMin, clampMax } = site.node.attrs;
  if (clampMin === undefined && clampMax === undefined) {
    make(to);
    return;
  }
  const inner = between(site, to);
  make(inner);
  limit(site, { from: inner, to, attrs: site.node.attrs });
}

/** y = min(max(x, clampMin), clampMax) of two tensors with one fact: by an activation that does it, else MAXIMUM and MINIMUM. */
export function limit(site: Site, { from, to, attrs }: { readonly from: number; readonly to: number; readonly attrs: Attrs }): void {
  const { low, high } = limitsOf(attrs);
  const kind = tensorAt(site, to);
  const activation = fusedActivation(kind, attrs);
  if (activation !== null && activation !== "NONE" && isOperator(kind, activation)) {
    operator(site, activation, { inputs: [from], outputs: [to] });
    return;
  }
  invariant(low !== -Infinity || high !== Infinity, "a limit has a bound");
  const raised = high === Infinity ? to : low === -Infinity ? from : between(site, to);
  if (low !== -Infinity) operator(site, "MAXIMUM", { inputs: [from, bound(site, kind, { side: "low", attrs })], outputs: [raised] });
  if (high !== Infinity) operator(site, "MINIMUM", { inputs: [raised, bound(site, kind, { side: "high", attrs })], outputs: [to] });
}

/** Whether an activation stands alone: RELU_N1_TO_1 has no int16 kernel of its own, and works fused into another operator. */
export function isOperator({ type }: Pick<TensorKind, "type">, activation: string): boolean {
  return type !== "INT16" || activation !== "RELU_N1_TO_1";
}

/** A limit as a scalar of the type: for integers with a fact, the stored number. */
function bound(site: Site, { type, quant }: TensorKind, { side, attrs }: { readonly side: "low" | "high"; readonly attrs: Attrs }): number {
  const hint = `limit.${side}`;
  const range = clampRange({ type, quant }, attrs);
  if (range !== null) return parameter(site, hint, { type, shape: [], quant, data: storedBytes(type, side === "low" ? range.min : range.max) });
  const real = limitsOf(attrs)[side];
  if (type === "FLOAT32") return float32(site, hint, real);
  if (type !== "INT32") return refuse({ why: "it limits integers that are not int32", found: type, expected: "float32, int32, or int8 with a scale" });
  return parameter(site, hint, { type, shape: [], quant: null, data: new Uint8Array(Int32Array.of(side === "low" ? Math.ceil(real) : Math.floor(real)).buffer) });
}
