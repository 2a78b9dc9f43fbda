import { zipSync } from "fflate";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { npyBytes } from "../testing/npy-bytes.ts";
import { readNpy } from "./npy.ts";
import { readNpz } from "./npz.ts";

function code(bytes: Uint8Array): string {
  const result = readNpy(bytes, "x.npy");
  return result.ok ? "ok" : result.errors[0]!.code;
}

describe("readNpy", () => {
  test("every kind of number comes back", () => {
    const eight = new Uint8Array(Float64Array.of(1.5, -2).buffer);
    expect(readNpy(npyBytes("<f8", [2], eight), "x.npy")).toMatchObject({ ok: true, value: { dtype: "float64", shape: [2], data: Float64Array.of(1.5, -2) } });
    expect(readNpy(npyBytes("|u1", [1, 2], Uint8Array.of(3, 255)), "x.npy")).toMatchObject({ ok: true, value: { dtype: "uint8", shape: [1, 2], data: Uint8Array.of(3, 255) } });
    expect(readNpy(npyBytes("|b1", [2], Uint8Array.of(0, 7)), "x.npy")).toMatchObject({ ok: true, value: { dtype: "bool", data: Uint8Array.of(0, 1) } });
    expect(readNpy(npyBytes("<i8", [1], new Uint8Array(BigInt64Array.of(-5n).buffer)), "x.npy")).toMatchObject({ ok: true, value: { data: BigInt64Array.of(-5n) } });
    expect(readNpy(npyBytes("<f2", [3], Uint8Array.of(0x00, 0x3c, 0x00, 0xc0, 0x01, 0x00)), "x.npy")).toMatchObject({ ok: true, value: { dtype: "float16", data: Float32Array.of(1, -2, 2 ** -24) } });
  });

  test("big-endian numbers are turned", () => {
    expect(readNpy(npyBytes(">i4", [2], Uint8Array.of(0, 0, 1, 2, 255, 255, 255, 255)), "x.npy")).toMatchObject({ ok: true, value: { data: Int32Array.of(258, -1) } });
  });

  test("a scalar has an empty shape", () => {
    expect(readNpy(npyBytes("<f4", [], new Uint8Array(Float32Array.of(4).buffer)), "x.npy")).toMatchObject({ ok: true, value: { shape: [] } });
  });

  test("objects, text and column-major arrays are named as not read", () => {
    expect(code(npyBytes("|O8", [1], new Uint8Array(8)))).toBe("NPY_UNSUPPORTED");
    expect(code(npyBytes("<U4", [1], new Uint8Array(16)))).toBe("NPY_UNSUPPORTED");
    const text = new TextDecoder("latin1").decode(npyBytes("<f4", [2, 2], new Uint8Array(16))).replace("False", "True ");
    expect(code(Uint8Array.from([...text].map((letter, i) => (i === 0 ? 0x93 : letter.charCodeAt(0)))))).toBe("NPY_UNSUPPORTED");
  });

  test("a shape that the bytes do not fill is refused, whatever its size", () => {
    expect(code(npyBytes("<f4", [5], new Uint8Array(16)))).toBe("NPY_INVALID");
    expect(code(npyBytes("<f4", [4_000_000_000, 4_000_000_000], new Uint8Array(16)))).toBe("NPY_INVALID");
  });

  test("cut off or altered bytes are a diagnostic or a tensor, never a throw", () => {
    const whole = npyBytes("<f4", [4], new Uint8Array(16));
    for (let length = 0; length < whole.length; length++) expect(code(whole.subarray(0, length))).toBe("NPY_INVALID");
    fc.assert(fc.property(fc.nat(whole.length - 1), fc.nat(255), (at, byte) => {
      const altered = Uint8Array.from(whole);
      altered[at] = byte;
      expect(["ok", "NPY_INVALID", "NPY_UNSUPPORTED"]).toContain(code(altered));
    }));
  });
});

describe("readNpz", () => {
  const archive = zipSync({ "x.npy": npyBytes("|u1", [2], Uint8Array.of(1, 2)), "y.npy": npyBytes("|u1", [2], Uint8Array.of(0, 1)) });

  test("arrays come back under their keys", () => {
    const result = readNpz(archive, "d.npz");
    expect(result.ok && [...result.value.keys()]).toEqual(["x", "y"]);
  });

  test("cut off at any byte, an archive is a diagnostic, never a throw", () => {
    for (let length = 0; length < archive.length; length += 5) {
      const result = readNpz(archive.subarray(0, length), "d.npz");
      expect(result.ok).toBe(false);
    }
  });

  test("an archive that states huge arrays is refused before anything is unpacked", () => {
    const huge = Uint8Array.from(archive);
    const central = huge.findIndex((byte, i) => byte === 0x50 && huge[i + 1] === 0x4b && huge[i + 2] === 1 && huge[i + 3] === 2);
    new DataView(huge.buffer).setUint32(central + 24, 2 ** 31, true);
    expect(readNpz(huge, "d.npz")).toMatchObject({ ok: false, errors: [{ code: "NPZ_TOO_LARGE" }] });
  });
});
