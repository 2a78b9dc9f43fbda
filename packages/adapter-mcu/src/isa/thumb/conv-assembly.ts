import { type Field, clampFields, fieldOffsets, windowFields } from "../../kernels/kernel.ts";
import { LANE_OFFSET } from "./lane-stream.ts";
import { highProduct, line, roundedShift, saturate, splitMultiplier } from "./requantize.ts";

/** Members of the kernel's struct. */
export const convFields: readonly Field[] = [
  { type: "const int32_t *", name: "stream", comment: "per pair of channels: weights, requantization" },
  { type: "int32_t", name: "out_channels", comment: "" },
  { type: "int32_t", name: "groups", comment: "of four taps" },
  ...windowFields,
  { type: "int16_t", name: "dilation_height", comment: "rows between taps" },
  { type: "int16_t", name: "in_channels", comment: "" },
  { type: "int16_t", name: "row_groups", comment: "groups of a kernel row; 0: of several rows that are no whole groups" },
  { type: "int8_t", name: "in_zero", comment: "zero points" },
  { type: "int8_t", name: "out_zero", comment: "" },
  ...clampFields,
];

/** LANE_OFFSET in both lanes. */
export const BOTH_LANES: number = LANE_OFFSET * 65537;

const inputs = ["r4", "r5", "r6", "r7"];

/** r0, and the r8 that it starts from, into a channel's sums: as it is into `low`, its upper lane into `high`. */
function fold(low: string, high: string): string {
  return `
    add     r0, r8
    add     ${low}, r0
    lsrs    r0, r0, #16
    add     ${high}, r0`;
}

/** r0 = the products of some inputs with the weights from byte `at` on. */
function products(registers: readonly string[], { at, careful }: { readonly at: number; readonly careful: boolean }): string {
  return registers.map((input, i) => {
    const to = i === 0 ? "r0" : "r1";
    return `
    ldrb    ${to}, [r2, #${at + i}]${careful ? `\n    subs    ${to}, #128` : ""}
    muls    ${to}, ${input}${i === 0 ? "" : "\n    adds    r0, r0, r1"}`;
  }).join("");
}

/** Four taps of two channels and two pixels. */
function group(at: number): string {
  return `
    ldmia   r3!, {r0, r4-r7}
    mov     r8, r0${products(inputs, { at, careful: false })}${fold("r9", "r10")}${products(inputs, { at: at + 4, careful: false })}${fold("r11", "r12")}`;
}

/** The same, two taps at a time. */
const carefulGroup = `
    ldmia   r3!, {r0, r4-r7}${[[0, 0, "r9", "r10"], [0, 2, "r9", "r10"], [4, 0, "r11", "r12"], [4, 2, "r11", "r12"]].map(([channel, tap, low, high]) => {
  const from = Number(tap);
  return products(inputs.slice(from, from + 2), { at: Number(channel) + from, careful: true }) + fold(String(low), String(high));
}).join("")}`;

/** Spilled taps of a channel: r6 of them at r2, inputs at r7. */
function spills(label: string, low: string, high: string): string {
  return `
    cmp     r6, #0
    beq     .L${label}_end
.L${label}:
    ldrh    r0, [r2]
    adds    r2, #2
    lsrs    r1, r0, #5
    lsls    r1, r1, #2
    ldr     r1, [r7, r1]
    lsls    r0, r0, #27
    asrs    r0, r0, #24
    muls    r0, r1${fold(low, high)}
    subs    r6, #1
    bne     .L${label}
.L${label}_end:`;
}

/** r0 = the second pixel's sum, r3 = the first's. */
function lanes(low: string, high: string): string {
  return `
    mov     r0, ${high}
    lsls    r1, r0, #16
    mov     r3, ${low}
    subs    r3, r3, r1`;
}

/** Stores a pixel's byte of the even (0) or odd (1) channel. */
function store(register: string, pixel: "F_OUT" | "F_SECOND", at: 0 | 1): string {
  return `
    ldr     r1, [sp, #${pixel}]
    strb    ${register}, [r1, #${at}]`;
}

/** Both pixels of a channel, from its sums to its bytes, by the reference's roundings. */
function exactResults(low: string, high: string, at: 0 | 1): string {
  return `${lanes(low, high)}
    ldmia   r2!, {r4, r5}
    adds    r0, r0, r4
    adds    r3, r3, r4
    mov     r8, r3
    lsrs    r6, r5, #16
    uxth    r5, r5
    ldr     r7, [sp, #F_HEAD]
    lsrs    r7, r7, #${at === 0 ? 16 : 24}${at === 0 ? "\n    uxtb    r7, r7" : ""}
    bl      .Lrequantize${store("r0", "F_SECOND", at)}
    mov     r0, r8
    bl      .Lrequantize${store("r0", "F_OUT", at)}`;
}

/** The same by the channel's line. */
function lineResults(low: string, high: string, at: 0 | 1): string {
  const shared = { upper: "r6", lower: "r5", start: "r4", productShift: "r7", resultShift: "[sp, #F_RESULT_SHIFT]", mid: "r1" };
  return `${lanes(low, high)}
    ldmia   r2!, {r4, r5}${splitMultiplier(shared)}${line({ ...shared, sum: "r0" })}${saturate("r0", "r1", `.Lsecond${at}`)}${store("r0", "F_SECOND", at)}${line({ ...shared, sum: "r3" })}${saturate("r3", "r1", `.Lfirst${at}`)}${store("r3", "F_OUT", at)}`;
}

/** What all sums start from, given r0: less by what the lane offsets of all groups will add. */
const startSums = `
    lsls    r1, r0, #16
    adds    r1, r1, r0
    mov     r9, r1
    mov     r10, r0
    mov     r11, r1
    mov     r12, r0`;

/** Inner loops of the kernel. */
export const convAssembly: string = `
${fieldOffsets(convFields, "EW_CONV")}
    .equ BOTH_LANES, ${BOTH_LANES}

/* void ew_conv_thumb_block(const ew_conv_thumb_t *l, const int8_t *lanes, int8_t *out, int32_t step)
 *
 * All output channels of two pixels. lanes: [groups][correction, 4 inputs], words with a pixel in each half.
 *   r2       stream      r3  lanes      r4-r7  inputs      r8  what a sum starts from      lr  end of the lanes
 *   r9, r11  sums of the even and the odd channel      r10, r12  sums of their upper lanes alone
 * Frame: */
    .equ F_LANES, 0
    .equ F_END, 4
    .equ F_OUT, 8
    .equ F_SECOND, 12       /* outputs of the second pixel */
    .equ F_LEFT, 16         /* channels still to do */
    .equ F_ODD, 20          /* whether the number of groups is */
    .equ F_HEAD, 24         /* of the pair of channels */
    .equ F_ZERO, 28
    .equ F_MIN, 32
    .equ F_MAX, 36
    .equ F_START, 40        /* minus the lane offsets of all groups */
    .equ F_RESULT_SHIFT, 44
    .equ FRAME, 48

    .section .text.ew_conv_thumb_block, "ax", %progbits
    .align  2
    .global ew_conv_thumb_block
    .type   ew_conv_thumb_block, %function
    .thumb_func
ew_conv_thumb_block:
    push    {r4-r7, lr}
    mov     r4, r8
    mov     r5, r9
    mov     r6, r10
    mov     r7, r11
    push    {r4-r7}
    sub     sp, #FRAME
    str     r1, [sp, #F_LANES]
    str     r2, [sp, #F_OUT]
    adds    r3, r3, r2
    str     r3, [sp, #F_SECOND]
    ldr     r4, [r0, #EW_CONV_groups]
    lsls    r5, r4, #15
    subs    r5, r4, r5
    str     r5, [sp, #F_START]
    movs    r5, #20
    muls    r5, r4
    adds    r5, r5, r1
    str     r5, [sp, #F_END]
    lsls    r4, r4, #31
    str     r4, [sp, #F_ODD]
    ldr     r4, [r0, #EW_CONV_out_channels]
    str     r4, [sp, #F_LEFT]
    movs    r4, #EW_CONV_out_zero
    ldrsb   r4, [r0, r4]
    str     r4, [sp, #F_ZERO]
    movs    r4, #EW_CONV_clamp_min
    ldrsb   r4, [r0, r4]
    str     r4, [sp, #F_MIN]
    movs    r4, #EW_CONV_clamp_max
    ldrsb   r4, [r0, r4]
    str     r4, [sp, #F_MAX]
    ldr     r2, [r0, #EW_CONV_stream]

.Lpair:
    ldr     r3, [sp, #F_LANES]
    ldr     r0, [sp, #F_END]
    mov     lr, r0
    ldr     r0, [sp, #F_START]${startSums}
    ldmia   r2!, {r0}
    str     r0, [sp, #F_HEAD]
    uxtb    r0, r0
    cmp     r0, #255
    bne     .Lswift
    b       .Lcareful
.Lswift:
    ldr     r0, [sp, #F_ODD]
    cmp     r0, #0
    beq     .Lgroups
    subs    r2, #8
    b       .Lsecond
.Lgroups:${group(0)}
.Lsecond:${group(8)}
    adds    r2, #16
    cmp     r3, lr
    bne     .Lgroups

    /* Spilled taps, singly. */
    ldr     r0, =BOTH_LANES
    mov     r8, r0
    ldr     r7, [sp, #F_LANES]
    ldr     r5, [sp, #F_HEAD]
    uxtb    r6, r5${spills("even", "r9", "r10")}
    lsrs    r6, r5, #8
    uxtb    r6, r6${spills("odd", "r11", "r12")}
    adds    r2, #2          /* to the next word */
    lsrs    r2, r2, #2
    lsls    r2, r2, #2

.Lresults:
    ldr     r7, [sp, #F_HEAD]
    lsls    r0, r7, #1
    bcs     .Lline
    b       .Lexact
.Lline:
    lsrs    r0, r0, #25
    str     r0, [sp, #F_RESULT_SHIFT]
    lsrs    r7, r7, #16
    uxtb    r7, r7${lineResults("r9", "r10", 0)}
    ldr     r0, [sp, #F_LEFT]
    cmp     r0, #1
    beq     .Ldone${lineResults("r11", "r12", 1)}

.Lnext:
    ldr     r0, [sp, #F_SECOND]
    adds    r0, #2
    str     r0, [sp, #F_SECOND]
    adds    r1, #2          /* first pixel */
    str     r1, [sp, #F_OUT]
    ldr     r0, [sp, #F_LEFT]
    subs    r0, #2
    str     r0, [sp, #F_LEFT]
    ble     .Ldone
    b       .Lpair
.Ldone:
    add     sp, #FRAME
    pop     {r4-r7}
    mov     r8, r4
    mov     r9, r5
    mov     r10, r6
    mov     r11, r7
    pop     {r4-r7, pc}

    /* Two taps at a time, which fit their lanes whatever they are. */
.Lcareful:
    ldr     r0, [sp, #F_START]
    adds    r0, r0, r0${startSums}
    ldr     r0, =BOTH_LANES
    mov     r8, r0
.Lcareful_groups:${carefulGroup}
    adds    r2, #8
    cmp     r3, lr
    bne     .Lcareful_groups
    b       .Lresults

.Lexact:${exactResults("r9", "r10", 0)}
    ldr     r0, [sp, #F_LEFT]
    cmp     r0, #1
    beq     .Ldone${exactResults("r11", "r12", 1)}
    b       .Lnext

    /* r0 = the int8 of the sum r0; multiplier: r6 upper, r5 lower half; r7 right shift. */
    .align  2
.Lrequantize:${highProduct({ sum: "r0", upper: "r6", lower: "r5", free: ["r1", "r3"] })}${roundedShift({ sum: "r0", shift: "r7", zero: "[sp, #F_ZERO]", mid: "r1" })}
    ldr     r1, [sp, #F_MIN]
    cmp     r0, r1
    ble     .Lclamped
    ldr     r1, [sp, #F_MAX]
    cmp     r0, r1
    bge     .Lclamped
    bx      lr
.Lclamped:
    movs    r0, r1
    bx      lr
    .ltorg
    .size   ew_conv_thumb_block, . - ew_conv_thumb_block

/* void ew_conv_thumb_pack(int8_t *lanes, const int8_t *first, const int8_t *second, int32_t groups)
 *
 * Bytes of two pixels to words with one in each half, behind what their sum of four starts from:
 * BOTH_LANES - 128 * sum, since weights are 128 too large.
 *   r0  lanes   r1, r2  bytes   r3  index   r4-r6  words and their sum   r12  BOTH_LANES   lr  end of the index */
    .section .text.ew_conv_thumb_pack, "ax", %progbits
    .align  2
    .global ew_conv_thumb_pack
    .type   ew_conv_thumb_pack, %function
    .thumb_func
ew_conv_thumb_pack:
    push    {r4-r6, lr}
    lsls    r3, r3, #2
    mov     lr, r3
    movs    r3, #0
    ldr     r4, =BOTH_LANES
    mov     r12, r4
.Lpack:${[0, 1, 2, 3].map((tap) => {
  const [word, other] = tap === 0 ? ["r4", "r5"] : ["r5", "r6"];
  return `
    ldrsb   ${word}, [r1, r3]
    ldrsb   ${other}, [r2, r3]
    lsls    ${other}, ${other}, #16
    adds    ${word}, ${word}, ${other}
    str     ${word}, [r0, #${4 * tap + 4}]${tap === 0 ? "" : "\n    adds    r4, r4, r5"}
    adds    r3, #1`;
}).join("")}
    lsls    r4, r4, #7
    mov     r5, r12
    subs    r5, r5, r4
    str     r5, [r0]
    adds    r0, #20
    cmp     r3, lr
    bne     .Lpack
    pop     {r4-r6, pc}
    .ltorg
    .size   ew_conv_thumb_pack, . - ew_conv_thumb_pack
`;
