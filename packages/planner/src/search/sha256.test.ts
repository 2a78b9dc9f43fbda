import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, it } from "vitest";
import { sha256Text } from "./sha256.ts";

it("gives FIPS 180-4's example", () => {
  expect(sha256Text("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
});

it("equals node's for ASCII of any length around the block borders", () => {
  for (let length = 0; length < 300; length += 1) {
    const text = "a~ |".repeat(75).slice(0, length);
    expect(sha256Text(text)).toBe(createHash("sha256").update(text).digest("hex"));
  }
});

it("equals node's of the percent-encoded text for anything else", () => {
  fc.assert(fc.property(fc.string({ unit: "grapheme" }), (text) => {
    const ascii = /^[\x20-\x7e]*$/.test(text) ? text : encodeURIComponent(text);
    expect(sha256Text(text)).toBe(createHash("sha256").update(ascii).digest("hex"));
  }));
});
