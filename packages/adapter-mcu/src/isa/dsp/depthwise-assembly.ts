/** How sums become int8: see Requantization. */
export type Epilogue = "affine" | "exact";
type Stride = 1 | 2;
/** Pairs of rows that a column keeps: for seven steps, or for one. */
type Pairs = 2 | 8;

/** What a step computes for one kernel column; the pair of rows of that column is in r2 (rows 0, 1) and r3 (rows 2, 3). */
function taps(stride: Stride, column: number): string {
  const [w01, w12] = [`r${4 + column}`, `r${7 + column}`];
  const upper = (start: string): string => `
    smlad   r0, r2, ${w01}, ${start}
    smlabt  r0, r3, ${w12}, r0`;
  if (stride === 2) return upper("r0");
  return `
    smlad   r1, r3, ${w12}, ${column === 0 ? "r0" : "r1"}
    smlatb  r1, r2, ${w01}, r1${upper("r0")}`;
}

/** Lines for each sum. */
function sums(stride: Stride, lines: (register: string) => readonly string[]): string {
  return (stride === 1 ? ["r0", "r1"] : ["r0"]).flatMap(lines).map((line) => `    ${line}`).join("\n");
}

/** From sums in r0, and r1 where there are two, to bytes of the output. */
const endings: Readonly<Record<Epilogue, (stride: Stride) => string>> = {
  affine: (stride) => `
    ldrd    r2, r3, [sp, #F_MULTIPLIER]
${sums(stride, (r) => [`smmla   ${r}, ${r}, r2, r3`])}
${sums(stride, (r) => [`ssat    ${r}, #8, ${r}, asr #10`])}${stride === 1 ? `
    strb    r1, [r11, r12]` : ""}
    strb    r0, [r11]`,
  // 2 x, high product rounded, then a right shift with halves away from zero; the clamp takes both bytes at once.
  exact: (stride) => `
    ldrd    r2, r3, [sp, #F_MULTIPLIER]
${sums(stride, (r) => [`asr     ${r}, ${r}, #7`, `smmulr  ${r}, ${r}, r2`, `add     ${r}, ${r}, ${r}, asr #31`])}
    ldr     r2, [sp, #F_ZERO]
${sums(stride, (r) => [`asrs    ${r}, ${r}, r3`, `adc     ${r}, ${r}, r2`, `ssat    ${r}, #8, ${r}`])}${stride === 1 ? `
    bfi     r0, r1, #8, #8` : ""}
    ldrd    r2, r3, [sp, #F_MIN]
    ssub8   r1, r0, r2
    sel     r0, r0, r2
    ssub8   r1, r3, r0
    sel     r0, r0, r3${stride === 1 ? `
    lsr     r1, r0, #8
    strb    r1, [r11, r12]` : ""}
    strb    r0, [r11]`,
};

interface Loop {
  readonly epilogue: Epilogue;
  readonly stride: Stride;
  readonly pairs: Pairs;
}

/** One output, or two below each other: r10 the column's pairs, r11 the output, r12 bytes to the output below. */
function output({ epilogue, stride, pairs }: Loop): string {
  const column = 16 * pairs;
  const loads = [0, 1, 2].map((at) => `ldrd    r2, r3, [r10${at === 0 ? `], #${stride * column}` : `, #${(at - stride) * column}]`}`);
  return `    ldr     r0, [sp, #F_START]${loads.map((load, at) => `
    ${load}${taps(stride, at)}`).join("")}${endings[epilogue](stride)}
    uxtah   r11, r11, lr`;
}

/** A row of outputs, two at a time; a row of an odd number starts with the second. */
function rowLoop(loop: Loop): string {
  const { stride, pairs } = loop;
  const label = `.Lstride${stride}_pairs${pairs}`;
  return `${label}_even:
${output(loop)}
${label}_odd:
${output(loop)}
    subs    lr, lr, #0x10000
    bcs     ${label}_even${pairs === 2 ? `
    b       .Lnext` : `
    ldrd    r0, r1, [sp, #F_STEP]
    ldr     lr, [sp, #F_COUNTER]
    add     r10, r10, r1${stride === 1 ? `
    add     r11, r11, r12` : ""}
    subs    r0, r0, #1
    str     r0, [sp, #F_STEP]
    beq     .Lnext
    ldr     pc, [sp, #F_ROW]`}`;
}

/** Four channels of a pixel in two rows to pairs (upper, lower) of int16 halves. */
function packLoop(pairs: Pairs): string {
  const channel = 4 * pairs;
  return `.Lpack${pairs}:
    ldr     r4, [r2]
    ldr     r5, [r11]
    add     r2, r2, r9
    add     r11, r11, r10
    sxtb16  r6, r4
    sxtb16  r4, r4, ror #8
    sxtb16  r7, r5
    sxtb16  r5, r5, ror #8
    pkhbt   r8, r6, r7, lsl #16
    pkhtb   r6, r7, r6, asr #16
    pkhbt   r7, r4, r5, lsl #16
    pkhtb   r4, r5, r4, asr #16
    str     r7, [r0, #${channel}]
    str     r6, [r0, #${2 * channel}]
    str     r4, [r0, #${3 * channel}]
    str     r8, [r0], #${4 * channel}
    subs    r3, #1
    bne     .Lpack${pairs}`;
}

/** What the epilogues keep in the frame, and how a band and a channel bring it there. */
const frames: Readonly<Record<Epilogue, { readonly equates: string; readonly band: string; readonly kept: string; readonly channel: string; readonly bytes: number }>> = {
  affine: {
    equates: `    .equ F_ADDEND, 48
    .equ FRAME, 56`,
    band: "    ldr     r9, =-131072",
    kept: "    str     r9, [sp, #F_ADDEND]",
    channel: `    ldmia   r10!, {r0-r3, r12}
    str     r10, [sp, #F_STREAM]
    strd    r3, r12, [sp, #F_START]`,
    bytes: 56,
  },
  exact: {
    equates: `    .equ F_SHIFT, 48
    .equ F_ZERO, 56
    .equ F_MIN, 60          /* the clamp in each byte */
    .equ F_MAX, 64
    .equ FRAME, 72`,
    band: `    ldr     r9, [r0, #40]
    ldrd    r12, lr, [r0, #44]`,
    kept: `    str     r9, [sp, #F_ZERO]
    strd    r12, lr, [sp, #F_MIN]`,
    channel: `    ldmia   r10!, {r0-r3, r11, r12}
    str     r10, [sp, #F_STREAM]
    strd    r3, r11, [sp, #F_START]
    str     r12, [sp, #F_SHIFT]`,
    bytes: 72,
  },
};

/** Deepest push and frame of the inner functions. */
export function depthwiseStackBytes(epilogue: Epilogue): number {
  return 36 + frames[epilogue].bytes;
}

/** Inner functions of the depthwise kernel called `name`. */
export function depthwiseAssembly(name: string, epilogue: Epilogue): string {
  const frame = frames[epilogue];
  return `
    .equ F_STREAM, 0        /* a copy of ew_depthwise_band_t */
    .equ F_PAIRS, 4
    .equ F_OUT, 8
    .equ F_BELOW, 12
    .equ F_COUNTER, 16
    .equ F_STEPS, 20
    .equ F_CHANNELS, 24
    .equ F_ROW, 28          /* where a row starts: the kind of the band names the loop */
    .equ F_STEP, 32         /* steps left */
    .equ F_REWIND, 36       /* from the end of a row of pairs to the start of the next */
    .equ F_START, 40        /* of the channel's sums */
    .equ F_MULTIPLIER, 44
    .equ F_PLACE, 52        /* bytes of a channel's pairs in a column */
${frame.equates}

/* void ew_${name}_channels(const ew_depthwise_band_t *band)
 *
 * Up to four channels of a band of steps, one after the other: a step is two output rows (stride 1) or one (stride 2).
 *   r0, r1   sums * 256 of the upper and lower row     r2, r3  rows 0 and 1, rows 2 and 3 of a column, int16 halves
 *   r4-r6    weights (w[0], w[1]) * 256 by column      r7-r9   (w[1], w[2]) * 256
 *   r10      pairs      r11  output      r12  bytes to the row below      lr  columns left << 16 | bytes of a pixel */
    .section .text.ew_${name}_channels, "ax", %progbits
    .align  2
    .global ew_${name}_channels
    .type   ew_${name}_channels, %function
    .thumb_func
ew_${name}_channels:
    push    {r4-r11, lr}
    sub     sp, #FRAME
    ldrd    r8, r11, [r0, #32]      /* the last members have other places in the copy */
${frame.band}
    ldmia   r0, {r0-r7}
    adr     r10, .Lkinds
    ldr     r7, [r10, r7, lsl #2]
    stmia   sp, {r0-r7}
    str     r8, [sp, #F_REWIND]
    str     r11, [sp, #F_PLACE]
${frame.kept}
.Lchannel:
    ldr     r10, [sp, #F_STREAM]
${frame.channel}
    ldr     r11, [sp, #F_STEPS]
    mov     lr, #0xff00ff00
    and     r4, lr, r0, lsl #8
    and     r5, lr, r1, lsl #8
    and     r6, lr, r2, lsl #8
    and     r7, r0, lr
    and     r8, r1, lr
    and     r9, r2, lr
    str     r11, [sp, #F_STEP]
    ldrd    r10, r11, [sp, #F_PAIRS]
    ldrd    r12, lr, [sp, #F_BELOW]
    ldr     pc, [sp, #F_ROW]
    .align  2
.Lkinds:
    .word   ${[8, 2].flatMap((pairs) => [1, 2].flatMap((stride) => ["even", "odd"].map((start) => `.Lstride${stride}_pairs${pairs}_${start} + 1`))).join(", ")}
${rowLoop({ epilogue, stride: 1, pairs: 8 })}
${rowLoop({ epilogue, stride: 2, pairs: 8 })}
${rowLoop({ epilogue, stride: 1, pairs: 2 })}
${rowLoop({ epilogue, stride: 2, pairs: 2 })}
.Lnext:
    ldrd    r10, r11, [sp, #F_PAIRS]
    ldr     r0, [sp, #F_CHANNELS]
    ldr     r1, [sp, #F_PLACE]
    adds    r11, r11, #1
    add     r10, r10, r1
    subs    r0, r0, #1
    strd    r10, r11, [sp, #F_PAIRS]
    str     r0, [sp, #F_CHANNELS]
    bne     .Lchannel
    add     sp, #FRAME
    pop     {r4-r11, pc}
    .ltorg
    .size   ew_${name}_channels, . - ew_${name}_channels

/* void ew_${name}_pack(int8_t *to, int32_t pairs, const ew_depthwise_rows_t *rows, int32_t count)
 *
 * Four channels of count pixels in two rows, as pairs (upper, lower) of int16.
 *   r0 to   r1 pairs a column   r2 upper row   r3 pixels left   r11 lower row   r9, r10 bytes to the next pixel */
    .section .text.ew_${name}_pack, "ax", %progbits
    .align  2
    .global ew_${name}_pack
    .type   ew_${name}_pack, %function
    .thumb_func
ew_${name}_pack:
    push    {r4-r11}
    ldmia   r2, {r2, r4, r9, r10}
    mov     r11, r4
    cmp     r1, #8
    bne     .Lpack2
${packLoop(8)}
    b       .Lpacked
${packLoop(2)}
.Lpacked:
    pop     {r4-r11}
    bx      lr
    .size   ew_${name}_pack, . - ew_${name}_pack

/* void ew_${name}_carry(int8_t *scratch, int32_t pairs, int32_t count, int32_t from)
 *
 * The pair from bytes behind each channel's first takes its place, for count columns. */
    .section .text.ew_${name}_carry, "ax", %progbits
    .align  2
    .global ew_${name}_carry
    .type   ew_${name}_carry, %function
    .thumb_func
ew_${name}_carry:
    cmp     r1, #8
    bne     .Lcarry2
${([8, 2] as const).map((pairs) => `.Lcarry${pairs}:
${[0, 1, 2, 3].map(() => `    ldr     r12, [r0, r3]
    str     r12, [r0], #${4 * pairs}`).join("\n")}
    subs    r2, #1
    bne     .Lcarry${pairs}
    bx      lr`).join("\n")}
    .size   ew_${name}_carry, . - ew_${name}_carry
`;
}
