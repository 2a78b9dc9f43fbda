import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { streamInput } from "./golden.mjs";
import { measureBundle, runSelfTest } from "./harness.mjs";

const ready = ["arm-none-eabi-gcc", "qemu-system-arm", "gcc"].every((program) => spawnSync(program, ["--version"]).status === 0);

const TURNS = 100;
/** One to load, two a turn, one to return. */
const LOOP_INSTRUCTIONS = 1 + 2 * TURNS + 1;
const ARENA_BYTES = 8;
const TABLE_BYTES = 64;
const LENGTH_BYTES = 4;
/** The compiler puts the table on a multiple of eight for a core with vectors. */
const ALIGNMENT_BYTES = 4;

/** A bundle whose costs are known without measuring: a counted loop in assembly, a table in memory, a frame on the stack. */
const files: Readonly<Record<string, string>> = {
  "include/toy.h": `#include <stdint.h>
#define TOY_ARENA_BYTES ${ARENA_BYTES}
#define TOY_INPUT_BYTES 5
#define TOY_OUTPUT_BYTES 5
int8_t *toy_input(void);
const int8_t *toy_output(void);
void toy_run(void);
`,
  "src/toy.c": `#include <string.h>
#include "toy.h"
static int8_t memory[${ARENA_BYTES}];
static volatile int32_t table[${TABLE_BYTES / 4}] = { 1 };
static volatile uint32_t length = 5;
void toy_loop(void);
int8_t *toy_input(void) { return memory; }
const int8_t *toy_output(void) { return memory; }
void toy_run(void)
{
    volatile int8_t frame[200];
    for (int k = 0; k < 5; k++) frame[k] = (int8_t)(memory[k] ^ table[k]);
    memcpy(memory, (const void *)frame, length);
    toy_loop();
}
`,
  "src/toy_loop.S": `    .syntax unified
    .thumb
    .section .text.toy_loop, "ax", %progbits
    .global toy_loop
    .type   toy_loop, %function
toy_loop:
    movs    r0, #${TURNS}
1:  subs    r0, #1
    bne     1b
    bx      lr
    .size   toy_loop, . - toy_loop
`,
  "selftest/toy_selftest.c": "#include \"toy.h\"\nint toy_selftest(void);\nint toy_selftest(void) { toy_run(); return 3; }\n",
};

describe.skipIf(!ready)(`the measuring of bundles${ready ? "" : " (needs gcc, arm-none-eabi-gcc and qemu-system-arm)"}`, () => {
  const folder = mkdtempSync(join(tmpdir(), "edgewise-bench-test-"));
  beforeAll(() => {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each(["m0plus", "m3", "m4", "m7", "m33", "m55"])("%s: counts each instruction, each byte of memory, and gives what the network gave", (core) => {
    const found = measureBundle({ folder, core, runs: 2 });
    expect(found.functions.find(({ name }) => name === "toy_loop")?.instructions).toBe(LOOP_INSTRUCTIONS);
    expect(found.functions.reduce((sum, { instructions }) => sum + instructions, 0)).toBe(found.instructionsPerRun[0]);
    expect(Object.values(found.mnemonics).reduce((sum, count) => sum + count, 0)).toBe(found.instructionsPerRun[0]);
    expect(found.instructions).toBe(Math.max(...found.instructionsPerRun));
    expect(found.staticBytes - ARENA_BYTES - TABLE_BYTES - LENGTH_BYTES).toBeOneOf([0, ALIGNMENT_BYTES]);
    expect(found.ramBytes).toBe(found.staticBytes + found.stackBytes);
    expect(found.stackBytes).toBeGreaterThanOrEqual(200);
    expect(found.stackBytes).toBeLessThan(400);
    expect(found.outputs).toEqual([0, 1].map((k) => streamInput(k, 5).map((value, i) => (i === 0 ? value ^ 1 : value))));
    expect(found.libraries.map(({ object }) => object).join()).toContain("memcpy");
  }, 60_000);
  test("a self-test that finds three vectors wrong says three", () => {
    expect(runSelfTest({ folder, core: "m4" })).toBe(3);
  }, 60_000);
});
