import type { BundleFile } from "@edgewise/adapter";

/** Memory of a machine, in bytes. */
export interface FirmwareMap {
  readonly flashAddress: number;
  readonly flashBytes: number;
  readonly ramAddress: number;
  readonly ramBytes: number;
}

/** Bytes below the top of RAM that are painted before a run, to see how deep the stack went. */
const PAINTED_BYTES = 16384;
const PAINT = 0x5eafa11e;

const encoder = new TextEncoder();

/** Vector table, start-up and linker script of a machine. `console` is C that defines `void put_char(char)` and `void stop(void)`. */
export function startFiles(map: FirmwareMap, console: string): readonly BundleFile[] {
  return [
    { path: "firmware/link.ld", bytes: encoder.encode(linkerScript(map)) },
    { path: "firmware/start.c", bytes: encoder.encode(startUp(console)) },
  ];
}

function linkerScript(map: FirmwareMap): string {
  const hex = (n: number): string => `0x${n.toString(16)}`;
  return `ENTRY(start)
MEMORY {
  FLASH (rx) : ORIGIN = ${hex(map.flashAddress)}, LENGTH = ${map.flashBytes}
  RAM (rwx)  : ORIGIN = ${hex(map.ramAddress)}, LENGTH = ${map.ramBytes}
}
ram_end = ORIGIN(RAM) + LENGTH(RAM);
SECTIONS {
  .vectors : { KEEP(*(.vectors)) } > FLASH
  .text : { *(.text .text.*) } > FLASH
  .rodata : { *(.rodata .rodata.*) . = ALIGN(4); } > FLASH
  .ARM.exidx : { *(.ARM.exidx* .ARM.extab*) } > FLASH
  .data : { data_begin = .; *(.data .data.*) . = ALIGN(4); data_end = .; } > RAM AT > FLASH
  data_image = LOADADDR(.data);
  .bss (NOLOAD) : { bss_begin = .; *(.bss .bss.* COMMON) . = ALIGN(4); bss_end = .; } > RAM
  ASSERT(bss_end + ${PAINTED_BYTES} <= ram_end, "no room for the stack")
}
`;
}

function startUp(console: string): string {
  return `#include <stdint.h>

extern uint32_t data_image[], data_begin[], data_end[], bss_begin[], bss_end[], ram_end[];
int main(void);
void start(void);
void put_char(char letter);
void stop(void);
void put_text(const char *text);
void paint_stack(void);
uint32_t stack_depth(void);
${console}
void put_text(const char *text)
{
    while (*text) put_char(*text++);
}

/* Everything below the caller, down to the painted floor. */
__attribute__((noinline)) void paint_stack(void)
{
    volatile uint32_t *low = ram_end - ${PAINTED_BYTES / 4};
    uint32_t *here = __builtin_frame_address(0);
    while (low < here - 8) *low++ = ${PAINT}u;
}

uint32_t stack_depth(void)
{
    const volatile uint32_t *low = ram_end - ${PAINTED_BYTES / 4};
    while (low < ram_end && *low == ${PAINT}u) low++;
    return (uint32_t)(4 * (ram_end - low));
}

void start(void)
{
    const uint32_t *from = data_image;
    for (uint32_t *to = data_begin; to < data_end;) *to++ = *from++;
    for (uint32_t *to = bss_begin; to < bss_end;) *to++ = 0;
    main();
    stop();
}

static void fault(void)
{
    put_text("fault\\n");
    stop();
}

struct vector_table {
    uint32_t *stack;
    void (*handlers[15])(void);
};

__attribute__((section(".vectors"), used)) static const struct vector_table vectors = {
    ram_end, { start, fault, fault, fault, fault, fault, fault, fault, fault, fault, fault, fault, fault, fault, fault },
};
`;
}

/**
 * A main around a bundle's library, which feeds each input, prints the output in hex, and prints how much stack the deepest
 * run used. Lines: "out <hex>" an input, then "stack <bytes>", then "done".
 */
export function mainProgram(prefix: string, inputs: readonly Int8Array[]): BundleFile {
  return { path: "firmware/main.c", bytes: encoder.encode(mainSource(prefix, inputs)) };
}

function mainSource(prefix: string, inputs: readonly Int8Array[]): string {
  const upper = prefix.toUpperCase();
  return `#include "${prefix}.h"

void put_char(char letter);
void put_text(const char *text);
void paint_stack(void);
uint32_t stack_depth(void);
int main(void);

static const int8_t inputs[${inputs.length}][${upper}_INPUT_BYTES] = {
${inputs.map((input) => `    {${Array.from(input).join(",")}},`).join("\n")}
};

static void put_hex(uint8_t byte)
{
    put_char("0123456789abcdef"[byte >> 4]);
    put_char("0123456789abcdef"[byte & 15]);
}

static uint32_t measured_run(void)
{
    const uint32_t here = (uint32_t)__builtin_frame_address(0);
    extern uint32_t ram_end[];
    paint_stack();
    ${prefix}_run();
    const uint32_t depth = stack_depth();
    const uint32_t above = (uint32_t)ram_end - here;
    return depth > above ? depth - above : 0;
}

int main(void)
{
    uint32_t deepest = 0;
    for (uint32_t v = 0; v < ${inputs.length}u; v++) {
        for (uint32_t k = 0; k < ${upper}_INPUT_BYTES; k++) ${prefix}_input()[k] = inputs[v][k];
        const uint32_t depth = measured_run();
        if (depth > deepest) deepest = depth;
        put_text("out ");
        for (uint32_t k = 0; k < ${upper}_OUTPUT_BYTES; k++) put_hex((uint8_t)${prefix}_output()[k]);
        put_char('\\n');
    }
    put_text("stack ");
    for (int shift = 28; shift >= 0; shift -= 4) put_char("0123456789abcdef"[(deepest >> shift) & 15]);
    put_text("\\ndone\\n");
    return 0;
}
`;
}

/** What a firmware run printed. */
export interface FirmwareReport {
  readonly outputs: readonly Int8Array[];
  /** Deepest stack of a run, from its caller's frame down, interrupts not counted. */
  readonly stackBytes: number;
}

/** Reads the lines; throws with the whole text when the program did not come to its end. */
export function readReport(text: string): FirmwareReport {
  const lines = text.split("\n").map((line) => line.trim());
  const stack = lines.find((line) => line.startsWith("stack "));
  if (stack === undefined || !lines.includes("done")) throw new Error(`the program did not finish:\n${text.slice(-2000)}`);
  const outputs = lines.filter((line) => line.startsWith("out ")).map((line) => Int8Array.from(Buffer.from(line.slice(4), "hex")));
  return { outputs, stackBytes: Number.parseInt(stack.slice(6), 16) };
}
