import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readProperties, wrongFields } from "../check/library-properties.ts";
import { type ArduinoParts, libraryName, libraryVersion, renderLibraryProperties } from "./arduino-files.ts";
import { prefixOf } from "./names.ts";

const parts: ArduinoParts = { prefix: "meter", model: "models/meter.onnx", licence: "MIT", ramBytes: 8458, flashBytes: 7274 };

describe("a bundle as an Arduino library", () => {
  test("describes itself in the fields of the format", () => {
    expect(renderLibraryProperties(parts)).toBe(`name=meter
version=1.0.0
author=Edgewise
maintainer=Edgewise
sentence=models/meter.onnx as an int8 network in C99.
paragraph=Takes at most 8458 bytes of RAM and about 7274 bytes of flash; no allocation, no operating system, no floating point. Licence of the model: MIT.
category=Data Processing
url=https://example.com/meter
architectures=*
includes=meter.h
dot_a_linkage=true
`);
  });

  test("is valid whatever the target, the model and its licence are called", () => {
    const text = fc.string({ unit: "binary-ascii", maxLength: 100 });
    fc.assert(fc.property(text, text, fc.option(text), (target, model, licence) => {
      const prefix = prefixOf(target);
      const properties = renderLibraryProperties({ ...parts, prefix, model, licence });
      expect(wrongFields(properties)).toEqual([]);
      expect(readProperties(properties).get("includes")).toBe(`${prefix}.h`);
    }));
  });

  test("has the prefix as its name, within 63 characters and outside of the names kept for official libraries", () => {
    expect(["meter", "a".repeat(80), "arduino_nano"].map(libraryName)).toEqual(["meter", "a".repeat(63), "net_arduino_nano"]);
  });

  test("has the runtime's version, in three parts", () => {
    expect(["1", "1.2", "3.2.1"].map(libraryVersion)).toEqual(["1.0.0", "1.2.0", "3.2.1"]);
  });
});
