import { describe, expect, it } from "vitest";
import { type Dimension, parseQuantity } from "./quantity.ts";

describe("quantities with units", () => {
  it.each<[string, Dimension, number]>([
    ["1 KiB", "bytes", 1024], ["2 MiB", "bytes", 2 ** 21], ["1 GiB", "bytes", 2 ** 30],
  ])("binary prefixes are powers of 1024: %s", (text, dimension, value) => {
    expect(parseQuantity(text, dimension)).toMatchObject({ ok: true, value });
  });

  it.each<[string, Dimension, number]>([
    ["200 kB", "bytes", 200_000], ["1.5 MB", "bytes", 1.5e6], ["90 s", "ms", 90_000], ["2 min", "ms", 120_000], ["97 %", "fraction", 0.97],
    ["1_000 B", "bytes", 1000], ["1e3 ms", "ms", 1000], ["1 Wh", "joules", 3600], ["1 mWh", "joules", 3.6], ["5 USD/1M", "usdPer1k", 0.005],
  ])("%s is read as it is written", (text, dimension, value) => {
    const quantity = parseQuantity(text, dimension);
    expect(quantity.ok && quantity.value).toBeCloseTo(value, 12);
  });

  it("a percentage is the decimal fraction, to the bit", () => {
    for (let percent = 0; percent <= 100; percent += 1) expect(parseQuantity(`${percent} %`, "fraction")).toMatchObject({ value: Number(`${percent}e-2`) });
  });

  it("without a unit, with a unit of something else, or without a number are told apart", () => {
    const problem = (text: string): string | null => {
      const quantity = parseQuantity(text, "bytes");
      return quantity.ok ? null : quantity.problem;
    };
    expect([problem("200"), problem("200 ms"), problem("200 kib"), problem("KiB"), problem("-1 KiB")]).toEqual(["no-unit", "unknown-unit", "unknown-unit", "not-a-quantity", "not-a-quantity"]);
  });
});
