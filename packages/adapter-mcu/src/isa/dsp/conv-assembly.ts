import { type Field, fieldOffsets } from "../../kernels/kernel.ts";

/** Groups of three weight words that one turn of the inner loop takes. */
const UNROLL = 12;

const odd = ["r0", "r1", "r2"];
const even = ["r3", "r4", "r5"];
const inputs = ["r6", "r7", "r8"];
const weights = ["r9", "r10", "r11"];

/** One weight word, two taps of two channels, against three pixels; the first word of a pair sets the sums, from the start in r2. */
function word(weight: string, first = false): string {
  const sums = odd.map((sum, p) => `
    smlad   ${sum}, ${inputs[p] ?? ""}, ${weight}, ${first ? "r2" : sum}`);
  const evenSums = even.map((sum, p) => (first ? `
    smuad   ${sum}, ${inputs[p] ?? ""}, ${weight}` : `
    smlad   ${sum}, ${inputs[p] ?? ""}, ${weight}, ${sum}`));
  return `
    ldmia   lr!, {r6-r8}${sums.join("")}
    sxtb16  ${weight}, ${weight}${evenSums.join("")}`;
}

/** Three weight words: 25 instructions for 36 multiply-accumulates. */
const group = `
    ldmia   r12!, {r9-r11}${weights.map((weight) => word(weight)).join("")}`;

/** Bytes of one group's code: each of its instructions has four. */
const GROUP_CODE_BYTES = 25 * 4;

/** The first one to three words of a pair, so that whole groups are left. */
function first(count: number): string {
  const list = weights.slice(0, count);
  return `.Lfirst${count}:
    ldmia   r12!, {r2, ${list.join(", ")}}${list.map((weight, i) => word(weight, i === 0)).join("")}
    ldr     pc, [sp, #F_ENTRY]`;
}

/** One line for each of some registers. */
function each(registers: readonly string[], line: (register: string, pixel: number) => string): string {
  return registers.map((register, pixel) => `    ${line(register, pixel)}`).join("\n");
}

/** High product of 2 x rounded, then a right shift with halves away from zero. */
function rounded(sums: readonly string[], multiplier: string): string {
  return sums.map((r) => `    smmulr  ${r}, ${r}, ${multiplier}
    add     ${r}, ${r}, ${r}, asr #31
    asrs    ${r}, ${r}, r9
    adc     ${r}, ${r}, r10
    ssat    ${r}, #8, ${r}`).join("\n");
}

/** Leaves the odd channel's sums alone. */
const separate = each(odd, (r, p) => `sub     ${r}, ${r}, ${even[p] ?? ""}`);

/** Bytes of both channels, a pixel in each of r3-r5. */
const pack = each(even, (r, p) => `bfi     ${r}, ${odd[p] ?? ""}, #8, #8`);

const exact = `
${separate}
    ldmia   r12!, {r6-r9}
    ldr     r10, [sp, #F_ZERO]
${each(odd, (r) => `asr     ${r}, ${r}, #7`)}
${each(even, (r) => `add     ${r}, r6, ${r}, lsl #1`)}
${rounded(odd, "r7")}
    lsr     r9, r9, #8
${rounded(even, "r8")}
${pack}`;

/** The inner loops of "conv_dsp", over its struct of `fields`. */
export function convAssembly(fields: readonly Field[]): string {
  return `
${fieldOffsets(fields, "EW_CONV")}

/* void ew_conv_dsp_block(const ew_conv_dsp_t *l, const int8_t *widened, int8_t *out)
 *
 * All output channels of three pixels. widened: [pair_words][3 pixels] words of two int16 inputs.
 *   r0-r2    sums of the odd channel * 256 + of the even one, a pixel each      r3-r5   sums of the even channel
 *   r6-r8    inputs, a pixel each      r9-r11   weights      r12   stream      lr   widened
 * Frame: */
    .equ F_OUT, 0
    .equ F_LEFT, 4          /* channels of the run still to do */
    .equ F_CHANNELS, 8      /* of a pixel: distance of outputs */
    .equ F_WIDENED, 12
    .equ F_END, 16          /* of widened */
    .equ F_FIRST, 20        /* code for the first words of a pair */
    .equ F_ENTRY, 24        /* where the first turn of the loop starts */
    .equ F_AFTER, 28        /* code behind a turn: the epilogue, or .Lturn before it */
    .equ F_EPILOGUE, 32
    .equ F_ZERO, 36
    .equ F_MIN, 40          /* the clamp in each byte */
    .equ F_MAX, 44
    .equ FRAME, 48

    .section .text.ew_conv_dsp_block, "ax", %progbits
    .align  2
    .global ew_conv_dsp_block
    .type   ew_conv_dsp_block, %function
    .thumb_func
ew_conv_dsp_block:
    push    {r4-r11, lr}
    sub     sp, #FRAME
    ldr     r12, [r0, #EW_CONV_stream]
    ldr     r6, [r0, #EW_CONV_out_channels]
    ldr     r4, [r0, #EW_CONV_pair_words]
    str     r2, [sp, #F_OUT]
    add     r5, r4, r4, lsl #1
    add     r5, r1, r5, lsl #2
    strd    r6, r1, [sp, #F_CHANNELS]
    /* One to three words stand before the loop; whole groups fill it from the end. */
    movs    r6, #3
    subs    r7, r4, #1
    udiv    r7, r7, r6      /* groups */
    mls     r6, r7, r6, r4  /* first words */
    ldr     r8, =.Lfirst1 + 1
    ldr     r9, =.Lgroup + 1
    cmp     r6, #2
    it      eq
    ldreq   r8, =.Lfirst2 + 1
    it      gt
    ldrgt   r8, =.Lfirst3 + 1
    strd    r5, r8, [sp, #F_END]
    movs    r6, #${UNROLL}
    adds    r4, r7, #${UNROLL - 1}
    udiv    r4, r4, r6
    mul     r4, r4, r6
    subs    r4, r4, r7      /* groups that the first turn leaves out */
    movs    r6, #${GROUP_CODE_BYTES}
    mla     r9, r4, r6, r9
    ldrsb   r4, [r0, #EW_CONV_exact]
    ldr     r5, =.Laffine + 1
    cmp     r4, #1
    it      eq
    ldreq   r5, =.Lexact + 1
    it      gt
    ldrgt   r5, =.Lclamped + 1
    ldrsb   r6, [r0, #EW_CONV_out_zero]
    strd    r5, r6, [sp, #F_EPILOGUE]
    cmp     r7, #0
    it      eq
    moveq   r9, r5
    cmp     r7, #${UNROLL}
    it      hi
    ldrhi   r5, =.Lturn + 1
    strd    r9, r5, [sp, #F_ENTRY]
    ldrb    r4, [r0, #EW_CONV_clamp_min]
    ldrb    r5, [r0, #EW_CONV_clamp_max]
    mov     r6, #0x01010101
    muls    r4, r6, r4
    muls    r5, r6, r5
    strd    r4, r5, [sp, #F_MIN]
    b       .Lrun

.Lpair:
    ldr     lr, [sp, #F_WIDENED]
    ldr     pc, [sp, #F_FIRST]
${[1, 2, 3].map((count) => first(count)).join("\n")}

    .align  2
.Lgroup:${group.repeat(UNROLL)}
    ldr     pc, [sp, #F_AFTER]
.Lturn:
    ldr     r9, [sp, #F_END]
    cmp     lr, r9
    bne.w   .Lgroup
    ldr     pc, [sp, #F_EPILOGUE]

.Laffine:
    /* y = ssat8((hi32(sum * multiplier) - 2^17) >> 10) */
${separate}
    ldmia   r12!, {r6-r8}
    ldr     r9, =-131072
${each(even, (r) => `add     ${r}, r6, ${r}, lsl #8`)}
${each(odd, (r) => `smmla   ${r}, ${r}, r7, r9`)}
${each(even, (r) => `smmla   ${r}, ${r}, r8, r9`)}
${each([...odd, ...even], (r) => `ssat    ${r}, #8, ${r}, asr #10`)}
${pack}

.Lstore:
    /* A half word a pixel: even channel, odd channel. */
    ldmia   sp, {r6-r8}
    subs    r7, #2
    blt     .Llast
    strh    r4, [r6, r8]
    strh    r5, [r6, r8, lsl #1]
    strh    r3, [r6], #2
    strd    r6, r7, [sp, #F_OUT]
    bne     .Lpair
.Lrun:
    ldr     r7, [r12], #4
    cmp     r7, #0
    str     r7, [sp, #F_LEFT]
    bne     .Lpair
    add     sp, #FRAME
    pop     {r4-r11, pc}

.Lexact:${exact}
    b       .Lstore
.Lclamped:${exact}
    ldrd    r6, r7, [sp, #F_MIN]
${even.map((r) => `    ssub8   r8, ${r}, r6
    sel     ${r}, ${r}, r6
    ssub8   r8, r7, ${r}
    sel     ${r}, ${r}, r7`).join("\n")}
    b       .Lstore
.Llast:
    strb    r4, [r6, r8]
    strb    r5, [r6, r8, lsl #1]
    strb    r3, [r6], #1
    str     r6, [sp, #F_OUT]
    b       .Lrun
    .ltorg
    .size   ew_conv_dsp_block, . - ew_conv_dsp_block

/* void ew_conv_dsp_widen(int8_t *widened, const int8_t *in, int32_t rows_words, int32_t step)
 *
 * Words of four int8 to pairs of int16 (bytes 0 and 2, bytes 1 and 3), for one pixel of three: rows of words that start step
 * bytes apart, rows_words = rows << 16 | words. */
    .section .text.ew_conv_dsp_widen, "ax", %progbits
    .align  2
    .global ew_conv_dsp_widen
    .type   ew_conv_dsp_widen, %function
    .thumb_func
ew_conv_dsp_widen:
    push    {r4, r5, r6, r7}
    uxth    r4, r2
    lsrs    r5, r2, #16
    sub     r3, r3, r4, lsl #2
.Lrow:
    subs    r2, r4, #4
    blt     .Lrest
.Lwords:${[0, 24, 48, 72].map((at) => `
    ldr     r6, [r1], #4
    sxtb16  r7, r6
    sxtb16  r6, r6, ror #8
    str     r7, [r0, #${at}]
    str     r6, [r0, #${at + 12}]`).join("")}
    adds    r0, #96
    subs    r2, #4
    bge     .Lwords
.Lrest:
    adds    r2, #4
    beq     .Lwidened
.Lsingle:
    ldr     r6, [r1], #4
    sxtb16  r7, r6
    sxtb16  r6, r6, ror #8
    str     r7, [r0]
    str     r6, [r0, #12]
    adds    r0, #24
    subs    r2, #1
    bne     .Lsingle
.Lwidened:
    add     r1, r1, r3
    subs    r5, #1
    bne     .Lrow
    pop     {r4, r5, r6, r7}
    bx      lr
    .size   ew_conv_dsp_widen, . - ew_conv_dsp_widen

/* void ew_conv_dsp_widen3(int8_t *widened, const int8_t *in, int32_t words, int32_t step)
 *
 * The same for three pixels that start step bytes apart. */
    .section .text.ew_conv_dsp_widen3, "ax", %progbits
    .align  2
    .global ew_conv_dsp_widen3
    .type   ew_conv_dsp_widen3, %function
    .thumb_func
ew_conv_dsp_widen3:
    push    {r4-r9}
.Lthree:
    ldr     r5, [r1, r3]
    ldr     r6, [r1, r3, lsl #1]
    ldr     r4, [r1], #4
    sxtb16  r7, r4
    sxtb16  r8, r5
    sxtb16  r9, r6
    stmia   r0!, {r7-r9}
    sxtb16  r4, r4, ror #8
    sxtb16  r5, r5, ror #8
    sxtb16  r6, r6, ror #8
    stmia   r0!, {r4-r6}
    subs    r2, #1
    bne     .Lthree
    pop     {r4-r9}
    bx      lr
    .size   ew_conv_dsp_widen3, . - ew_conv_dsp_widen3
`;
}
