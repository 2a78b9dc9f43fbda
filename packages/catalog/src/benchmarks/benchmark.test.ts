import { describe, expect, it } from "vitest";
import { type Benchmark, rateOf, spreadOf, wattsOf } from "./benchmark.ts";

const page = { ref: "https://example.org/a", date: "2026-01-02", chip: "c", engine: "e", clockHz: 1e6 };
/** 1e6, 4e6 and 16e6 multiply-accumulates a second. */
const wide: Benchmark = { ...page, rows: [{ model: "a", macs: 1e3, ms: 1, uj: 20 }, { model: "b", macs: 4e3, ms: 1, uj: 80 }, { model: "c", macs: 32e3, ms: 2 }] };

describe("a rate from published rows", () => {
  it("is the geometric mean of macs a second", () => {
    expect(rateOf([wide])).toEqual({ value: 4e6, basis: "published", ref: page.ref, date: page.date });
  });

  it("moved to another clock is scaled, and only assumed", () => {
    expect(rateOf([wide], { factor: 0.5, basis: "assumed" })).toMatchObject({ value: 2e6, basis: "assumed" });
  });

  it("names every page once and the latest day", () => {
    const later: Benchmark = { ...wide, ref: "https://example.org/b", date: "2026-03-04" };
    expect(rateOf([wide, later, wide])).toMatchObject({ ref: "https://example.org/a https://example.org/b", date: "2026-03-04" });
  });
});

describe("a spread", () => {
  it("is the farthest row's factor from the mean", () => {
    expect(spreadOf([wide]).value).toBe(4);
  });

  it("is at least 2, however well the rows agree", () => {
    expect(spreadOf([{ ...page, rows: [{ model: "a", macs: 10, ms: 1 }] }]).value).toBe(2);
  });
});

it("power is energy over time, of the rows that state an energy", () => {
  expect(wattsOf([wide]).value).toBe(0.04);
});
