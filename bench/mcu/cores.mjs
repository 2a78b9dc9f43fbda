/** Cores that are measured: flags that decide the bytes, and the QEMU machine that runs them. */
const mps2 = { flashBegin: 0, flashBytes: 0x400000, ramBegin: 0x20000000, ramBytes: 0x400000 };

export const cores = {
  m0plus: { flags: ["-mcpu=cortex-m0plus", "-mfloat-abi=soft"], machine: "mps2-an385", memory: mps2 }, // v6-M code on the v7-M machine, which has all of its instructions
  m3: { flags: ["-mcpu=cortex-m3", "-mfloat-abi=soft"], machine: "mps2-an385", memory: mps2 },
  m4: { flags: ["-mcpu=cortex-m4", "-mfpu=fpv4-sp-d16", "-mfloat-abi=hard"], machine: "mps2-an386", memory: mps2 },
  m7: { flags: ["-mcpu=cortex-m7", "-mfpu=fpv5-d16", "-mfloat-abi=hard"], machine: "mps2-an500", memory: mps2 },
  m33: { flags: ["-mcpu=cortex-m33", "-mfpu=fpv5-sp-d16", "-mfloat-abi=hard"], machine: "mps2-an505", memory: { flashBegin: 0x10000000, flashBytes: 0x400000, ramBegin: 0x38000000, ramBytes: 0x400000 } },
  m55: { flags: ["-mcpu=cortex-m55", "-mfloat-abi=hard"], machine: "mps3-an547", memory: { flashBegin: 0, flashBytes: 0x80000, ramBegin: 0x20000000, ramBytes: 0x80000 } },
};

/** The same for every core. */
export const commonFlags = ["-O2", "-std=c99", "-mthumb", "-ffunction-sections", "-fdata-sections"];
export const linkFlags = ["-nostartfiles", "-Wl,--gc-sections"];
/** Only memcpy, memset and what the compiler itself calls may come from these; the report names what did. */
export const libraries = ["-lc", "-lgcc"];
