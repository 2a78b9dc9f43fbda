import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { parseGraph, verifyGraph } from "@edgewise/graph";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MAX_NESTING } from "../protobuf/limits.ts";
import { readOnnx } from "./read.ts";
import { writeOnnx } from "./write.ts";

const small = writeOnnx(parseGraph(`graph small
in x: float32[N, 1, 4, 4]
w: float32[2, 1, 3, 3] = const seed 1
c = Conv(x, w) kernel_shape=[3, 3] clampMin=0 clampMax=6
s: int64[2] = const [-1, 8]
r = Reshape(c, s)
y = Softmax(r) axis=1
out y
`)).model;

/** A graph, or diagnostics with a code and, for the file's structure, a place; anything else throws. */
function survives(bytes: Uint8Array): readonly string[] {
  const result = readOnnx(bytes, { file: "hostile.onnx", external: () => null });
  if (result.ok) {
    verifyGraph(result.value);
    return [];
  }
  expect(result.errors.length).toBeGreaterThan(0);
  return result.errors.map(({ code, subject }) => {
    if (code === "ONNX_BROKEN" || code === "ONNX_LIMIT") expect(subject).toMatchObject({ kind: "file", byteOffset: expect.any(Number) });
    return code;
  });
}

describe("a hostile file", () => {
  it("cut at any byte is refused", () => {
    // Cut before the operator sets, at the end of the graph, it still is a model: of the first operator set.
    const cut = Array.from({ length: small.length }, (_, length) => survives(small.subarray(0, length)));
    expect(cut.filter((codes) => codes.length === 0).length).toBeLessThanOrEqual(1);
    expect(new Set(cut.flat())).toContain("ONNX_BROKEN");
  });

  it("with any one bit flipped is a graph or diagnostics", () => {
    for (let bit = 0; bit < small.length * 8; bit++) {
      const bytes = small.slice();
      bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      survives(bytes);
    }
  });

  it("of random bytes, or with random bytes put in, is a graph or diagnostics", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), fc.nat(small.length), (noise, at) => {
      survives(noise);
      survives(Uint8Array.from([...small.subarray(0, at), ...noise, ...small.subarray(at)]));
    }), { numRuns: 300 });
  });

  it("with a varint that never ends, or a length beyond the file, is broken at that byte", () => {
    const endless = Uint8Array.from([0x08, ...Array.from({ length: 12 }, () => 0xff)]);
    expect(readOnnx(endless, { file: "f" })).toMatchObject({ ok: false, errors: [{ code: "ONNX_BROKEN", subject: { byteOffset: 0 } }] });
    const long = new BinaryWriter().tag(1, WireType.Varint).int64(8).tag(7, WireType.LengthDelimited).uint32(0xffffffff).finish();
    expect(readOnnx(long, { file: "f" })).toMatchObject({ ok: false, errors: [{ code: "ONNX_BROKEN", subject: { byteOffset: 2 } }] });
  });

  it("with a field of another wire type is broken", () => {
    const model = new BinaryWriter().tag(1, WireType.LengthDelimited).string("8").finish();
    expect(survives(model)).toEqual(["ONNX_BROKEN"]);
  });

  it("whose unknown fields nest without end is broken, not a stack overflow", () => {
    const groups = Uint8Array.from({ length: 100_000 }, () => 0x9b); // start of group 19, again and again
    expect(survives(groups)).toEqual(["ONNX_BROKEN"]);
    expect(MAX_NESTING).toBeLessThan(100);
  });

  it.each([
    ["a dim of 2^62", [2n ** 62n], "ONNX_TENSOR_SHAPE"],
    ["a negative dim", [-4n, 2n], "ONNX_TENSOR_SHAPE"],
    ["dims whose product overflows", Array.from({ length: 6 }, () => 2n ** 30n), "ONNX_TENSOR_SHAPE"],
    ["more elements than bytes", [1_000_000_000n], "ONNX_TENSOR_BYTES"],
    ["seventeen dims", Array.from({ length: 17 }, () => 1n), "ONNX_LIMIT"],
  ] as const)("with %s in a tensor is refused without memory for it", (_, dims, code) => {
    const tensor = new BinaryWriter();
    for (const dim of dims) tensor.tag(1, WireType.Varint).int64(dim);
    tensor.tag(2, WireType.Varint).int32(1).tag(8, WireType.LengthDelimited).string("w").tag(9, WireType.LengthDelimited).bytes(new Uint8Array(8));
    const graph = new BinaryWriter().tag(5, WireType.LengthDelimited).bytes(tensor.finish()).finish();
    const model = new BinaryWriter().tag(1, WireType.Varint).int64(8).tag(7, WireType.LengthDelimited).bytes(graph).finish();
    expect(survives(model)).toContain(code);
  });

  it("that is empty, text, or an array of zeros is no model", () => {
    for (const bytes of [new Uint8Array(0), new TextEncoder().encode("<!doctype html><title>404</title>"), new Uint8Array(100)]) {
      expect(survives(bytes).every((code) => code === "ONNX_NOT_A_MODEL" || code === "ONNX_BROKEN")).toBe(true);
    }
  });
});
