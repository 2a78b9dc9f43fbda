import { describe, expect, it } from "vitest";
import type { Estimate } from "../schema/sourced.ts";
import type { Budget } from "../schema/spec.ts";
import { estimateText } from "./quantity-text.ts";
import { wordReason } from "./word.ts";

describe("an estimate in words", () => {
  const needed: Estimate = { low: 8, expected: 12, high: 18, basis: "modelled", from: "instructions" };
  const budget: Budget = { key: "latency", relation: "<=", limit: 15, evidence: "assumed", text: "<= 15 ms" };

  it("says which model it came from", () => {
    expect(estimateText("latency", needed)).toBe("12 ms (8 ms to 18 ms, modelled from instructions)");
    expect(estimateText("latency", { low: 8, expected: 12, high: 18, basis: "modelled" })).toBe("12 ms (8 ms to 18 ms, modelled)");
    expect(wordReason({ kind: "over-limit", budget, needed, largest: null, half: null })).toBe("latency 18 ms > 15 ms (modelled from instructions, 12 ms expected)");
  });
});
