/** A section of an ELF file; `address` is where it runs. */
export interface ElfSection {
  readonly name: string;
  readonly bytes: number;
  readonly address: number;
  /** Takes memory when the program runs. */
  readonly allocated: boolean;
  readonly writable: boolean;
  /** Code. */
  readonly executable: boolean;
  /** Has no bytes in the file: zeroed at start. */
  readonly zeroed: boolean;
  readonly content: Uint8Array;
}

export interface ElfSymbol {
  readonly name: string;
  readonly bytes: number;
  readonly value: number;
  readonly kind: "object" | "function" | "other";
  /** Index into the sections; 0 for undefined symbols. */
  readonly section: number;
}

export interface Elf {
  readonly sections: readonly ElfSection[];
  readonly symbols: readonly ElfSymbol[];
}

/** Section header types and flags, symbol types. Source: System V ABI, chapter 4, gabi.xinuos.com */
const SHT_SYMTAB = 2;
const SHT_NOBITS = 8;
const SHF_WRITE = 1;
const SHF_ALLOC = 2;
const SHF_EXECINSTR = 4;
const STT_OBJECT = 1;
const STT_FUNC = 2;

/**
 * Sections and symbols of a little-endian ELF32 file: what the compiler made, read without any tool.
 *
 * Throws when the bytes are not such a file: it is our own build's output.
 */
export function readElf(bytes: Uint8Array): Elf {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.byteLength < 52 || view.getUint32(0, false) !== 0x7f454c46) throw new Error("not an ELF file");
  if (bytes[4] !== 1 || bytes[5] !== 1) throw new Error("only 32-bit little-endian ELF is read");
  const headers = Array.from({ length: view.getUint16(48, true) }, (_, i) => view.getUint32(32, true) + i * view.getUint16(46, true));
  const word = (header: number, index: number): number => view.getUint32(header + 4 * index, true);
  const content = (header: number): Uint8Array => (word(header, 1) === SHT_NOBITS ? new Uint8Array() : bytes.subarray(word(header, 4), word(header, 4) + word(header, 5)));
  const names = headers[view.getUint16(50, true)];
  const sections = headers.map((header): ElfSection => ({
    name: names === undefined ? "" : textAt(content(names), word(header, 0)),
    bytes: word(header, 5), address: word(header, 3), content: content(header), zeroed: word(header, 1) === SHT_NOBITS,
    allocated: (word(header, 2) & SHF_ALLOC) !== 0, writable: (word(header, 2) & SHF_WRITE) !== 0, executable: (word(header, 2) & SHF_EXECINSTR) !== 0,
  }));
  const symbols = headers.filter((header) => word(header, 1) === SHT_SYMTAB).flatMap((header) => {
    const strings = headers[word(header, 6)];
    return strings === undefined ? [] : symbolsOf(content(header), content(strings));
  });
  return { sections, symbols };
}

function symbolsOf(table: Uint8Array, strings: Uint8Array): readonly ElfSymbol[] {
  const view = new DataView(table.buffer, table.byteOffset, table.byteLength);
  return Array.from({ length: table.byteLength / 16 }, (_, i): ElfSymbol => {
    const type = view.getUint8(16 * i + 12) & 15;
    return {
      name: textAt(strings, view.getUint32(16 * i, true)), value: view.getUint32(16 * i + 4, true), bytes: view.getUint32(16 * i + 8, true),
      kind: type === STT_OBJECT ? "object" : type === STT_FUNC ? "function" : "other", section: view.getUint16(16 * i + 14, true),
    };
  });
}

function textAt(strings: Uint8Array, from: number): string {
  const end = strings.indexOf(0, from);
  return Buffer.from(strings.subarray(from, end < 0 ? strings.length : end)).toString("latin1");
}

/** Sizes a promise speaks of, summed over the sections that take memory. */
export interface ElfSizes {
  readonly codeBytes: number;
  readonly constantBytes: number;
  readonly dataBytes: number;
  readonly zeroedBytes: number;
}

export function sizesOf({ sections }: Elf): ElfSizes {
  const sum = (keep: (section: ElfSection) => boolean): number => sections.filter((section) => section.allocated && keep(section)).reduce((total, { bytes }) => total + bytes, 0);
  return {
    codeBytes: sum((section) => section.executable),
    constantBytes: sum((section) => !section.executable && !section.writable),
    dataBytes: sum((section) => section.writable && !section.zeroed),
    zeroedBytes: sum((section) => section.writable && section.zeroed),
  };
}
