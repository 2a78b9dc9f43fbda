import type { Diagnostic } from "@edgewise/graph";
import type { BudgetDocument, BudgetsDocument } from "../document.ts";
import { type Dimension, parseQuantity, unitsOf } from "../quantity.ts";
import type { KeyPath, Locator } from "../read/locate.ts";
import type { Budget, BudgetKey } from "../spec.ts";

interface BudgetRule {
  readonly dimension: Dimension;
  readonly relation: "<=" | ">=";
  /** Largest sensible limit in base units; above it the budget says nothing. */
  readonly most: number;
}

const rules: Readonly<Record<BudgetKey, BudgetRule>> = {
  accuracy: { dimension: "fraction", relation: ">=", most: 1 },
  drop: { dimension: "fraction", relation: "<=", most: 1 },
  latency: { dimension: "ms", relation: "<=", most: Infinity },
  ram: { dimension: "bytes", relation: "<=", most: Infinity },
  flash: { dimension: "bytes", relation: "<=", most: Infinity },
  bundle: { dimension: "bytes", relation: "<=", most: Infinity },
  energy: { dimension: "joules", relation: "<=", most: Infinity },
  cost: { dimension: "usdPer1k", relation: "<=", most: Infinity },
  delegate: { dimension: "fraction", relation: ">=", most: 1 },
};

/** File budgets under target budgets, key by key; "none" waives. `base` locates each where it was written. */
export function mergeBudgets(
  file: BudgetsDocument | undefined,
  target: BudgetsDocument | undefined,
  context: { readonly targetName: string; readonly locate: Locator; readonly errors: Diagnostic[] },
): readonly Budget[] {
  const budgets: Budget[] = [];
  for (const key of Object.keys(rules).sort() as BudgetKey[]) {
    const own = target?.[key];
    const written = own ?? file?.[key];
    if (written === undefined || written === "none") continue;
    const path: KeyPath = own === undefined ? ["budgets", key] : ["targets", context.targetName, "budgets", key];
    const budget = parseBudget(key, written, { path, locate: context.locate, errors: context.errors });
    if (budget !== null) budgets.push(budget);
  }
  return budgets;
}

function parseBudget(
  key: BudgetKey, written: BudgetDocument, context: { readonly path: KeyPath; readonly locate: Locator; readonly errors: Diagnostic[] },
): Budget | null {
  const rule = rules[key];
  const example = `"${rule.relation} ${rule.dimension === "fraction" ? "97 %" : `10 ${unitsOf(rule.dimension)[0]}`}"`;
  const refuse = (code: string, detail: Pick<Diagnostic, "summary" | "found" | "expected" | "fix">): null => {
    context.errors.push({ code, severity: "error", subject: context.locate.value(context.path), ...detail });
    return null;
  };
  const { text, evidence } = asInequality(written);
  if (text === null) {
    return refuse("BUDGET_CONTRADICTORY", {
      summary: `The budget ${key} needs exactly one of max and min`, found: JSON.stringify(written), expected: `{ ${rule.relation === "<=" ? "max" : "min"}: … }`,
      fix: "Keep one bound.",
    });
  }
  const match = /^(<=|>=|≤|≥)\s*(.*)$/.exec(text.trim());
  if (match === null) {
    return refuse("BUDGET_WITHOUT_RELATION", { summary: `The budget ${key} has no relation`, found: text, expected: example, fix: `Write "${rule.relation}" in front.` });
  }
  const relation = match[1] === ">=" || match[1] === "≥" ? ">=" : "<=";
  if (relation !== rule.relation) {
    return refuse("BUDGET_DIRECTION", { summary: `The budget ${key} bounds the wrong side`, found: text, expected: example, fix: `${key} is bounded with ${rule.relation}.` });
  }
  const quantity = parseQuantity(match[2] ?? "", rule.dimension);
  if (!quantity.ok) {
    const code = quantity.problem === "no-unit" ? "NUMBER_WITHOUT_UNIT" : quantity.problem === "unknown-unit" ? "UNKNOWN_UNIT" : "NOT_A_QUANTITY";
    return refuse(code, {
      summary: `The budget ${key} is not a quantity of ${rule.dimension}`, found: text, expected: `a number and one of ${unitsOf(rule.dimension).join(", ")}`, fix: `Write it as ${example}.`,
    });
  }
  if (!(quantity.value > 0) || quantity.value > rule.most) {
    return refuse("BUDGET_OUT_OF_RANGE", {
      summary: `The budget ${key} can never be ${quantity.value > 0 ? "met" : "met by anything"}`, found: text,
      expected: rule.most === Infinity ? "more than 0" : `more than 0 and at most ${rule.most * 100} %`, fix: "Correct the limit, or waive it with none.",
    });
  }
  return { key, relation, limit: quantity.value, evidence: evidence ?? "assumed", text: `${relation} ${(match[2] ?? "").trim()}` };
}

function asInequality(written: BudgetDocument): { text: string | null; evidence: Budget["evidence"] | undefined } {
  if (typeof written === "string") return { text: written, evidence: undefined };
  const { max, min, evidence } = written;
  if ((max === undefined) === (min === undefined)) return { text: null, evidence };
  return { text: max === undefined ? `>= ${min}` : `<= ${max}`, evidence };
}
