/**
 * Counts the instructions of many networks in one image: one start of the compiler and one of the emulator for all.
 * Every network runs once on a xorshift32 stream (see firmware/measure.c).
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { commonFlags, cores, libraries, linkFlags } from "./cores.mjs";
import { addressOf, readElf } from "./elf.mjs";
import { command, compiler, counter, emulate, inFolder, perFunction, readCounts } from "./harness.mjs";

const firmware = fileURLToPath(new URL("firmware", import.meta.url));

/** C that runs network `prefix` between the markers. */
function call(prefix) {
  const upper = prefix.toUpperCase();
  return `    fill(${prefix}_input(), ${upper}_INPUT_BYTES);\n    mark_begin();\n    ${prefix}_run();\n    mark_end();`;
}

function program(prefixes) {
  return `#include "firmware.h"
${prefixes.map((prefix) => `#include "${prefix}.h"`).join("\n")}
static void fill(int8_t *input, uint32_t bytes)
{
    uint32_t state = 0x9e3779b9u;
    for (uint32_t i = 0; i < bytes; i++) {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        input[i] = (int8_t)(state >> 24);
    }
}
int main(void)
{
${prefixes.map(call).join("\n")}
    put_text("done\\n");
    return 0;
}
`;
}

/**
 * Instructions of each network between the markers, by function. `folder` holds include/ and src/ of all of them;
 * `prefixes` name them in the order of the result.
 */
export function countNetworks({ folder, sources, prefixes, core }) {
  const { flags, memory } = cores[core];
  return inFolder(undefined, (work) => {
    const image = join(work, "count.elf");
    writeFileSync(join(work, "main.c"), program(prefixes));
    const place = Object.entries({ flash_begin: memory.flashBegin, flash_bytes: memory.flashBytes, ram_begin: memory.ramBegin, ram_bytes: memory.ramBytes });
    command(compiler, [
      ...commonFlags, ...flags, ...linkFlags, `-I${join(folder, "include")}`, `-I${join(folder, "src")}`, `-I${firmware}`,
      ...place.map(([symbol, value]) => `-Wl,--defsym=${symbol}=0x${value.toString(16)}`), "-T", join(firmware, "link.ld"),
      ...sources.map((source) => join(folder, source)), join(work, "main.c"), join(firmware, "start.c"), "-o", image, ...libraries,
    ]);
    const elf = readElf(readFileSync(image));
    const counts = join(work, "counts.txt");
    const hex = (name) => addressOf(elf, name).toString(16);
    emulate(core, image, ["-plugin", `${counter(work)},begin=${hex("mark_begin")},end=${hex("mark_end")},out=${counts}`]);
    const blocks = readCounts(readFileSync(counts, "utf8"));
    if (blocks.length !== prefixes.length) throw new Error(`${blocks.length} runs were counted, not ${prefixes.length}`);
    return blocks.map(({ total, counts: lines }, i) => ({ prefix: prefixes[i], total, functions: perFunction(elf, lines) }));
  });
}
