import { describe, expect, test } from "vitest";
import { readElf, sizesOf } from "./elf.ts";

/** An ELF32 file with one code section of 6 bytes, one zeroed section of 40 and no symbols, built field by field. */
function tinyElf(): Uint8Array {
  const names = "\0.text\0.bss\0.shstrtab\0";
  const bytes = new Uint8Array(52 + 6 + names.length + 4 * 40);
  const view = new DataView(bytes.buffer);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 1, 1, 1]);
  bytes.set(Buffer.from(names, "latin1"), 58);
  const table = 58 + names.length;
  view.setUint32(32, table, true);
  view.setUint16(46, 40, true);
  view.setUint16(48, 4, true);
  view.setUint16(50, 3, true);
  const header = (index: number, fields: readonly number[]): void => fields.forEach((field, i) => view.setUint32(table + 40 * index + 4 * i, field, true));
  header(1, [1, 1, 2 | 4, 0x100, 52, 6]);
  header(2, [7, 8, 2 | 1, 0x2000_0000, 58, 40]);
  header(3, [12, 3, 0, 0, 58, names.length]);
  return bytes;
}

describe("ELF reader", () => {
  test("sections come with names, addresses and what they take", () => {
    const { sections } = readElf(tinyElf());
    expect(sections.map(({ name, bytes, zeroed }) => [name, bytes, zeroed])).toEqual([["", 0, false], [".text", 6, false], [".bss", 40, true], [".shstrtab", 22, false]]);
    expect(sizesOf(readElf(tinyElf()))).toEqual({ codeBytes: 6, constantBytes: 0, dataBytes: 0, zeroedBytes: 40 });
  });
  test("other files are refused", () => {
    expect(() => readElf(new Uint8Array(100))).toThrow("not an ELF file");
    expect(() => readElf(tinyElf().map((byte, i) => (i === 4 ? 2 : byte)))).toThrow("32-bit");
  });
});
