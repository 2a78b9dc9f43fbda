import type { Basis, Estimate } from "../schema/sourced.ts";
import type { BudgetKey } from "../schema/spec.ts";

type Unit = readonly [name: string, factor: number];

/** Units of each budget, largest first; base units are those of `Budget.limit`. */
const bytes: readonly Unit[] = [["GiB", 1024 ** 3], ["MiB", 1024 ** 2], ["KiB", 1024], ["B", 1]];
const units: Readonly<Record<BudgetKey, readonly Unit[]>> = {
  accuracy: [["%", 0.01]], drop: [["%", 0.01]],
  latency: [["s", 1000], ["ms", 1], ["µs", 1e-3]],
  ram: bytes, flash: bytes, bundle: bytes,
  energy: [["J", 1], ["mJ", 1e-3], ["µJ", 1e-6]],
  cost: [["USD/1k", 1], ["USD/1M", 1e-3]],
  delegate: [["%", 0.01]],
};

/** Significant digits people read at a glance. */
const DIGITS = 3;
/** A double's own precision: more digits add nothing. */
const MOST_DIGITS = 17;

/** "198 KiB": a value in the largest unit of which it has at least one. */
export function quantityText(key: BudgetKey, value: number, digits: number = DIGITS): string {
  const [name, factor] = unitFor(key, value);
  return `${decimal(value / factor, digits)} ${name}`;
}

/** Both sides of an inequality, with as many digits as it takes to see that they differ. */
export function sidesText(key: BudgetKey, left: number, right: number): readonly [string, string] {
  for (let digits = DIGITS; digits < MOST_DIGITS; digits += 1) {
    const texts = [quantityText(key, left, digits), quantityText(key, right, digits)] as const;
    if (left === right || texts[0] !== texts[1]) return texts;
  }
  return [quantityText(key, left, MOST_DIGITS), quantityText(key, right, MOST_DIGITS)];
}

/** "156 ms (78 to 312 ms, modelled)"; exact values show no interval. */
export function estimateText(key: BudgetKey, estimate: Estimate): string {
  const { low, expected, high } = estimate;
  const middle = quantityText(key, expected);
  return low === high ? `${middle} (${originText(key, estimate)})` : `${middle} (${quantityText(key, low)} to ${quantityText(key, high)}, ${originText(key, estimate)})`;
}

/** How strong an estimate is, and what it was modelled from: "modelled from instructions". */
export function originText(key: BudgetKey, { basis, from }: Pick<Estimate, "basis" | "from">): string {
  return from === undefined ? basisText(key, basis) : `${basisText(key, basis)} from ${from}`;
}

/** Where layers will run is not a number that a model gives but a prediction by rules. */
export function basisText(key: BudgetKey, basis: Basis): string {
  if (key === "delegate" && basis === "modelled") return "predicted";
  return basis === "measured-similar" ? "measured on a similar device" : basis;
}

function unitFor(key: BudgetKey, value: number): Unit {
  const all = units[key];
  const smallest = all.at(-1) ?? ["", 1];
  return all.find(([, factor]) => Math.abs(value) >= factor) ?? (value === 0 ? (all[0] ?? smallest) : smallest);
}

/** `digits` significant digits, never dropping whole ones, without an exponent or trailing zeros. */
function decimal(value: number, digits: number): string {
  const whole = Math.max(1, Math.floor(Math.log10(Math.max(1, Math.abs(value)))) + 1);
  const fraction = Math.min(20, Math.max(0, digits - whole));
  const small = Math.abs(value) < 1 && value !== 0 ? Math.min(20, digits - 1 - Math.floor(Math.log10(Math.abs(value)))) : fraction;
  return value.toFixed(small).replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "");
}
