import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { convertTensor } from "./convert.ts";
import { type DType, dtypes, packedBytes } from "./dtype.ts";
import { decodeTensor, encodeTensor } from "./tensor-codec.ts";

const all = Object.keys(dtypes) as DType[];
const options = { saturate: true, rounding: "up" } as const;

describe.each(all)("%s", (dtype) => {
  test("bytes come back as they were, after one pass that unifies NaN and padding bits", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 24 }), fc.nat(3), (random, spare) => {
      const elements = Math.max(0, Math.floor((random.length * 8) / dtypes[dtype].bits) - spare);
      const bytes = random.slice(0, packedBytes(dtype, elements)).map((byte) => (dtype === "bool" ? byte & 1 : byte));
      const tensor = decodeTensor(dtype, [elements], bytes);
      const once = encodeTensor(tensor);
      expect(tensor.data).toHaveLength(elements);
      expect(encodeTensor(decodeTensor(dtype, [elements], once))).toEqual(once);
      if (dtypes[dtype].kind !== "float" && (elements * dtypes[dtype].bits) % 8 === 0) expect(once).toEqual(bytes);
    }), { numRuns: 50 });
  });

  test("an unaligned view decodes as its bytes, into storage of its own", () => {
    const whole = Uint8Array.from({ length: 33 }, (_, i) => i % 2);
    const elements = 256 / dtypes[dtype].bits;
    const view = whole.subarray(1);
    const tensor = decodeTensor(dtype, [elements], view);
    expect(tensor).toEqual(decodeTensor(dtype, [elements], view.slice()));
    whole.fill(1);
    expect(tensor).not.toEqual(decodeTensor(dtype, [elements], view));
  });
});

test("4-bit and 2-bit numbers fill a byte from its low bits up", () => {
  expect(Array.from(decodeTensor("int4", [3], Uint8Array.of(0x8f, 0x07)).data, Number)).toEqual([-1, -8, 7]);
  expect(Array.from(decodeTensor("uint2", [5], Uint8Array.of(0b11100100, 0b10)).data, Number)).toEqual([0, 1, 2, 3, 2]);
  expect(encodeTensor({ dtype: "int4", shape: [3], data: Int8Array.of(-1, -8, 7) })).toEqual(Uint8Array.of(0x8f, 0x07));
});

describe("convertTensor", () => {
  const integers = all.filter((dtype) => dtypes[dtype].kind === "signed" || dtypes[dtype].kind === "unsigned");

  test("an integer keeps its low bits in every other integer type", () => {
    fc.assert(fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.constantFrom(...integers), (value, to) => {
      const converted = convertTensor({ dtype: "int64", shape: [1], data: BigInt64Array.of(value) }, to, options);
      const { bits, kind } = dtypes[to];
      expect(BigInt(converted.data[0]!)).toBe(kind === "signed" ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value));
    }));
  });

  test("a float loses its fraction in an integer type that holds it", () => {
    fc.assert(fc.property(fc.float({ min: -100, max: 100, noNaN: true }), fc.constantFrom<DType>("int8", "int16", "int32", "int64"), (value, to) => {
      const converted = convertTensor({ dtype: "float32", shape: [1], data: Float32Array.of(value) }, to, options);
      expect(Number(converted.data[0]!)).toBe(Math.trunc(value) + 0);
    }));
  });

  test("a narrow float survives every wider one", () => {
    const narrow: readonly DType[] = ["float8e4m3fn", "float8e4m3fnuz", "float8e5m2", "float8e5m2fnuz", "float4e2m1"];
    for (const dtype of narrow) {
      const codes = Uint8Array.from({ length: packedBytes(dtype, 256) }, (_, i) => i % 256);
      const tensor = decodeTensor(dtype, [256], codes);
      for (const wide of ["float16", "bfloat16", "float32", "float64"] as const) {
        expect(convertTensor(convertTensor(tensor, wide, options), dtype, { ...options, saturate: false })).toEqual(tensor);
      }
    }
  });

  test("everything but zero is true", () => {
    const converted = convertTensor({ dtype: "float32", shape: [4], data: Float32Array.of(0, -0, NaN, 0.1) }, "bool", options);
    expect(converted.data).toEqual(Uint8Array.of(0, 0, 1, 1));
  });
});
