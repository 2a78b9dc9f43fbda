import { describe, expect, test } from "vitest";
import { wrongFields } from "./library-properties.ts";

const good: Readonly<Record<string, string>> = {
  name: "Meter 2.0-b_1", version: "1.2.3", author: "Ada", maintainer: "Ada <ada@example.com>", sentence: "Reads.", paragraph: "Well.",
  category: "Data Processing", url: "https://example.com/meter", architectures: "samd,mbed_nano", includes: "meter.h",
};

const written = (fields: Readonly<Record<string, string>>): string => Object.entries(fields).map(([key, value]) => `${key}=${value}\n`).join("");

describe("fields of a library.properties", () => {
  test("that keep the rules are not complained about, comments and empty lines aside", () => {
    expect(wrongFields(`# a library\n\n${written(good)}`)).toEqual([]);
  });

  test("are all required", () => {
    expect(wrongFields("")).toEqual(Object.keys(good));
    for (const field of Object.keys(good)) {
      const { [field]: _, ...rest } = good;
      expect(wrongFields(written(rest))).toEqual([field]);
      expect(wrongFields(written({ ...good, [field]: " " }))).toEqual([field]);
    }
  });

  test.each([
    ["name", ["Arduino_Meter", "-meter", "123", "a".repeat(64), "metré", "a/b"]],
    ["version", ["1", "1.2", "r5", "003", "1.1c", "01.2.3"]],
    ["category", ["data processing", "Machine Learning"]],
    ["url", ["example.com", "https://", "https://a b"]],
    ["architectures", ["", "samd,", "a b"]],
    ["includes", ["meter", "../meter.h", "meter.h,"]],
  ])("%s: what breaks its rule is named", (field, values) => {
    for (const value of values) expect(wrongFields(written({ ...good, [field]: value }))).toEqual([field]);
  });
});
