/**
 * Reads a linked ELF32 file: sizes of its sections and names of its addresses, without any tool.
 * Source: System V ABI, chapter 4, gabi.xinuos.com
 */
const SHT_SYMTAB = 2;
const SHT_NOBITS = 8;
const SHF_ALLOC = 2;
const STT_FUNC = 2;
const SHN_ABS = 0xfff1;

/** Sections with memory, and symbols that name a place, Thumb bit removed, sorted by address. */
export function readElf(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0) !== 0x7f454c46 || view.getUint8(4) !== 1) throw new Error("not an ELF32 file");
  const word = (at) => view.getUint32(at, true);
  const headers = Array.from({ length: view.getUint16(48, true) }, (_, i) => word(32) + i * view.getUint16(46, true));
  const text = (table, offset) => {
    const from = word(table + 16) + offset;
    return Buffer.from(bytes.subarray(from, bytes.indexOf(0, from))).toString("latin1");
  };
  const names = headers[view.getUint16(50, true)];
  const sections = headers.map((header) => ({
    name: text(names, word(header)), bytes: word(header + 20), address: word(header + 12),
    allocated: (word(header + 8) & SHF_ALLOC) !== 0, zeroed: word(header + 4) === SHT_NOBITS,
  }));
  const symbols = headers.filter((header) => word(header + 4) === SHT_SYMTAB).flatMap((header) => {
    const strings = headers[word(header + 24)];
    return Array.from({ length: word(header + 20) / 16 }, (_, i) => word(header + 16) + 16 * i).map((at) => {
      const isFunction = (view.getUint8(at + 12) & 15) === STT_FUNC;
      const value = word(at + 4);
      return { name: text(strings, word(at)), address: isFunction ? (value & ~1) >>> 0 : value, bytes: word(at + 8), isFunction, section: view.getUint16(at + 14, true) };
    });
  }).filter(({ name, section }) => name !== "" && section !== 0 && section !== SHN_ABS).sort((a, b) => a.address - b.address);
  return { sections, symbols };
}

/** Flash: everything that has bytes in the file and takes memory, .data's initial values among it. RAM without the stack. */
export function sizesOf({ sections }) {
  const sum = (keep) => sections.filter((section) => section.allocated && keep(section)).reduce((total, { bytes }) => total + bytes, 0);
  return { flashBytes: sum(({ zeroed }) => !zeroed), codeBytes: sum(({ name }) => name === ".text"), staticBytes: sum(({ name }) => name === ".data" || name === ".bss") };
}

/** Address of a symbol. */
export function addressOf({ symbols }, name) {
  const symbol = symbols.find((each) => each.name === name);
  if (symbol === undefined) throw new Error(`${name} is not in the image`);
  return symbol.address;
}

/** Name of the function that an address lies in; labels of assembly without a size count up to the next one. */
export function functionAt({ symbols }) {
  const named = symbols.filter(({ name, isFunction }) => isFunction && !name.startsWith("$"));
  return (address) => {
    let low = 0;
    let high = named.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (named[middle].address <= address) low = middle + 1;
      else high = middle;
    }
    return named[low - 1]?.name ?? "?";
  };
}
