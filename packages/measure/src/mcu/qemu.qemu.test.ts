import type { BundleFile } from "@edgewise/adapter";
import { describe, expect, test } from "vitest";
import { type ArmCore, armCompilerVersion, compileArmObject } from "./arm.ts";
import { sizesOf } from "./elf.ts";
import { buildHost, runProcess } from "./host-cc.ts";
import { runProgram, runQemu } from "./qemu.ts";

const tools = await Promise.all([armCompilerVersion(), runProcess("qemu-system-arm", ["--version"]).then(({ code }) => code === 0, () => false)]);
const ready = tools[0] !== null && tools[1];

function file(path: string, text: string): BundleFile {
  return { path, bytes: new TextEncoder().encode(text) };
}

/** Present where the DSP extension is; the C beside it asks the same condition. */
const CONDITION = "defined(__ARM_FEATURE_DSP)";

const header = file("include/toy.h", `#include <stdint.h>
#define TOY_INPUT_BYTES 4
#define TOY_OUTPUT_BYTES 4
int8_t *toy_input(void);
const int8_t *toy_output(void);
void toy_run(void);
`);

/** Doubles four bytes without a carry between them, in one instruction of the DSP extension. */
const assembly = file("src/toy_double.S", `#if ${CONDITION}
    .syntax unified
    .thumb
    .section .text.toy_double, "ax", %progbits
    .global toy_double
    .type   toy_double, %function
toy_double:
    uadd8   r0, r0, r0
    bx      lr
    .size   toy_double, . - toy_double
#endif
`);

const network = file("src/toy.c", `#include <string.h>
#include "toy.h"
static int8_t memory[4];
int8_t *toy_input(void) { return memory; }
const int8_t *toy_output(void) { return memory; }
uint32_t toy_double(uint32_t four);
#if !(${CONDITION})
uint32_t toy_double(uint32_t four) { return (four & 0x7f7f7f7fu) << 1; }
#endif
void toy_run(void)
{
    volatile uint32_t deep[25];
    memcpy((void *)deep, memory, 4);
    deep[24] = toy_double(deep[0]);
    memcpy(memory, (const void *)&deep[24], 4);
}
`);

const toy: readonly BundleFile[] = [header, network, assembly];
const inputs = [Int8Array.of(1, -2, 3, -4), Int8Array.of(127, -128, 0, 64)];
const doubled = inputs.map((input) => Int8Array.from(input, (value) => 2 * value));

const cores: Readonly<Record<ArmCore, { readonly dsp: boolean }>> = {
  "cortex-m0plus": { dsp: false }, "cortex-m3": { dsp: false }, "cortex-m4": { dsp: true }, "cortex-m7": { dsp: true }, "cortex-m33": { dsp: true }, "cortex-m55": { dsp: true },
};

describe.skipIf(!ready)(`a library on emulated cores${ready ? "" : " (needs arm-none-eabi-gcc and qemu-system-arm)"}`, () => {
  test.each(Object.entries(cores))("%s runs it, its assembly where the core has the instructions, and tells its stack", async (name, { dsp }) => {
    const core = name as ArmCore;
    const { outputs, stackBytes, elf } = await runQemu({ files: toy, prefix: "toy", inputs, core });
    expect(outputs).toEqual(doubled);
    expect(stackBytes).toBeGreaterThanOrEqual(100);
    expect(stackBytes).toBeLessThan(300);
    expect(elf.symbols.some(({ name: symbol, bytes }) => symbol === "toy_double" && bytes === 6)).toBe(dsp);
    expect(sizesOf((await compileArmObject({ files: toy, source: "src/toy_double.S", core, optimize: "-O2" })).elf).codeBytes).toBe(dsp ? 6 : 0);
  }, 60_000);
  test("a program that faults is said not to have finished", async () => {
    const trap = file("src/toy.c", Buffer.from(network.bytes).toString("utf8").replace("deep[24] = ", "__builtin_trap();\n    deep[24] = "));
    await expect(runQemu({ files: [header, trap, assembly], prefix: "toy", inputs, core: "cortex-m4" })).rejects.toThrow("fault");
  }, 60_000);
  test("a program with a main of its own gives what it prints, under its defines", async () => {
    const main = file("main.c", "void put_text(const char *text);\nint main(void);\nint main(void)\n{\n    put_text(WORD);\n    return 0;\n}\n");
    expect((await runProgram({ files: [main], core: "cortex-m7", defines: ["WORD=\"seven\""] })).text.trim()).toBe("seven");
  }, 60_000);
  test("the host's compiler takes the C that stands for the assembly", async () => {
    const main = file("main.c", `#include <stdio.h>
#include "toy.h"
int main(void);
int main(void)
{
    for (int k = 0; k < TOY_INPUT_BYTES; k++) toy_input()[k] = (int8_t)(k - 2);
    toy_run();
    for (int k = 0; k < TOY_OUTPUT_BYTES; k++) printf("%d ", toy_output()[k]);
    return 0;
}
`);
    const program = await buildHost({ files: [...toy, main], compiler: "gcc" });
    const { stdout } = await program.run();
    await program.remove();
    expect(Buffer.from(stdout).toString("utf8").trim()).toBe("-4 -2 0 2");
  }, 60_000);
});
