import { type Field, type Kernel, clampFields, fieldOffsets } from "../../kernels/kernel.ts";
import { THUMB_CONDITION } from "./condition.ts";
import { highProduct, roundedShift } from "./requantize.ts";
import { BLOCK_CHANNELS, BLOCK_TAPS } from "./row-stream.ts";

const fields: readonly Field[] = [
  { type: "const int32_t *", name: "stream", comment: "per eight channels: weights, requantization" },
  { type: "int32_t", name: "in_channels", comment: "" },
  { type: "int32_t", name: "out_channels", comment: "" },
  { type: "int8_t", name: "out_zero", comment: "zero point" },
  ...clampFields,
];

/** Sums of the eight channels. */
const sums = ["r3", "r6", "r7", "r8", "r9", "r10", "r11", "r12"];

/** One input against eight weights: 26 instructions for eight multiply-accumulates. */
const tap = (k: number): string => `
    ldrsb   r0, [r4, r5]${sums.map((sum, c) => `
    ldrb    r1, [r2, #${BLOCK_CHANNELS * k + c}]
    muls    r1, r0
    add     ${sum}, r1`).join("")}${k < BLOCK_TAPS - 1 ? "\n    adds    r5, #1" : ""}`;

const assembly = `
${fieldOffsets(fields, "EW_DENSE")}

/* void ew_dense_thumb_row(const ew_dense_thumb_t *l, const int8_t *in, int8_t *out, int32_t correction)
 *
 * All output channels of one row, eight at a time; correction is added to each sum.
 *   r0, r1   input, weight    r2  stream    r4  end of the inputs    r5  - inputs still to do    r3, r6-r12  sums
 * Frame: */
    .equ F_SUMS, 0
    .equ F_END, 32
    .equ F_INPUTS, 36
    .equ F_OUT, 40
    .equ F_OUT_END, 44
    .equ F_CORRECTION, 48
    .equ F_ZERO, 52
    .equ F_MIN, 56
    .equ F_MAX, 60
    .equ FRAME, 64

    .section .text.ew_dense_thumb_row, "ax", %progbits
    .align  2
    .global ew_dense_thumb_row
    .type   ew_dense_thumb_row, %function
    .thumb_func
ew_dense_thumb_row:
    push    {r4-r7, lr}
    mov     r4, r8
    mov     r5, r9
    mov     r6, r10
    mov     r7, r11
    push    {r4-r7}
    sub     sp, #FRAME
    str     r2, [sp, #F_OUT]
    str     r3, [sp, #F_CORRECTION]
    ldr     r4, [r0, #EW_DENSE_out_channels]
    adds    r2, r2, r4
    str     r2, [sp, #F_OUT_END]
    ldr     r4, [r0, #EW_DENSE_in_channels]
    adds    r4, #${BLOCK_TAPS - 1}
    lsrs    r4, r4, #2
    lsls    r4, r4, #2
    adds    r1, r1, r4
    str     r1, [sp, #F_END]
    rsbs    r4, r4, #0
    str     r4, [sp, #F_INPUTS]
    movs    r4, #EW_DENSE_out_zero
    ldrsb   r4, [r0, r4]
    str     r4, [sp, #F_ZERO]
    movs    r4, #EW_DENSE_clamp_min
    ldrsb   r4, [r0, r4]
    str     r4, [sp, #F_MIN]
    movs    r4, #EW_DENSE_clamp_max
    ldrsb   r4, [r0, r4]
    str     r4, [sp, #F_MAX]
    ldr     r2, [r0, #EW_DENSE_stream]

.Lblock:
    ldr     r4, [sp, #F_END]
    ldr     r5, [sp, #F_INPUTS]
    movs    r3, #0
    movs    r6, r3
    movs    r7, r3
    mov     r8, r3
    mov     r9, r3
    mov     r10, r3
    mov     r11, r3
    mov     r12, r3
.Ltaps:${Array.from({ length: BLOCK_TAPS }, (_, k) => tap(k)).join("")}
    adds    r2, #${BLOCK_TAPS * BLOCK_CHANNELS}
    adds    r5, #1
    bne     .Ltaps

    mov     r0, sp
    stmia   r0!, {r3, r6, r7}
    mov     r3, r8
    mov     r4, r9
    mov     r5, r10
    mov     r6, r11
    mov     r7, r12
    stmia   r0!, {r3-r7}
    /* The block's bytes from r7 to r12, sums at r6. */
    mov     r6, sp
    ldr     r7, [sp, #F_OUT]
    movs    r0, r7
    adds    r0, #${BLOCK_CHANNELS}
    str     r0, [sp, #F_OUT]
    ldr     r1, [sp, #F_OUT_END]
    cmp     r0, r1
    bls     .Lwhole
    movs    r0, r1
.Lwhole:
    mov     r12, r0
.Lresult:
    ldmia   r6!, {r0}
    ldmia   r2!, {r4, r5}
    ldr     r1, [sp, #F_CORRECTION]
    adds    r0, r0, r1
    asrs    r1, r4, #5
    adds    r0, r0, r1
    mov     r8, r4
    lsrs    r3, r5, #16
    uxth    r5, r5${highProduct({ sum: "r0", upper: "r3", lower: "r5", free: ["r1", "r4"] })}
    mov     r4, r8
    lsls    r4, r4, #27
    lsrs    r4, r4, #27${roundedShift({ sum: "r0", shift: "r4", zero: "[sp, #F_ZERO]", mid: "r1" })}
    ldr     r1, [sp, #F_MIN]
    cmp     r0, r1
    ble     .Lclamped
    ldr     r1, [sp, #F_MAX]
    cmp     r0, r1
    bge     .Lclamped
.Lstore:
    strb    r0, [r7]
    adds    r7, #1
    cmp     r7, r12
    bne     .Lresult

    ldr     r0, [sp, #F_OUT_END]
    cmp     r7, r0
    beq     .Ldone
    b       .Lblock
.Ldone:
    add     sp, #FRAME
    pop     {r4-r7}
    mov     r8, r4
    mov     r9, r5
    mov     r10, r6
    mov     r11, r7
    pop     {r4-r7, pc}
.Lclamped:
    movs    r0, r1
    b       .Lstore
    .size   ew_dense_thumb_row, . - ew_dense_thumb_row
`;

/**
 * A fully connected layer over one row, in ARMv6-M instructions, eight output channels at a time. The arithmetic is that of
 * "dense", bit for bit.
 *
 * Weights are stored 128 too large, so that a load names its byte by a constant; what that adds, 128 times the sum of the
 * row, is taken off once for all channels. 3.3 instructions for a multiply-accumulate.
 */
export const denseThumb: Kernel = {
  name: "dense_thumb",
  summary: "fully connected layer in blocks of eight channels",
  fields,
  inputs: ["in"],
  readAheadBytes: BLOCK_TAPS - 1,
  assembly: { condition: THUMB_CONDITION, source: assembly, stackBytes: 100 },
  source: `
#if ${THUMB_CONDITION}
void ew_dense_thumb_row(const ew_dense_thumb_t *l, const int8_t *in, int8_t *out, int32_t correction);
#else
static void ew_dense_thumb_row(const ew_dense_thumb_t *l, const int8_t *in, int8_t *out, int32_t correction)
{
    const uint8_t *w = (const uint8_t *)l->stream;
    const int32_t *words = l->stream;

    for (int32_t o = 0; o < l->out_channels; o++) {
        if (o % ${BLOCK_CHANNELS} == 0) {
            if (o > 0) words += ${2 * BLOCK_CHANNELS};
            w = (const uint8_t *)words;
            words += ${BLOCK_CHANNELS} * ((l->in_channels + ${BLOCK_TAPS - 1}) / ${BLOCK_TAPS});
        }
        const int32_t *tail = words + 2 * (o % ${BLOCK_CHANNELS});
        int32_t sum = correction + (tail[0] >> 5);
        for (int32_t k = 0; k < l->in_channels; k++) sum += in[k] * w[${BLOCK_CHANNELS} * k + o % ${BLOCK_CHANNELS}];
        out[o] = ew_requantize(sum, tail[1], -(tail[0] & 31), l->out_zero, l->clamp_min, l->clamp_max);
    }
}
#endif

void ew_dense_thumb(const ew_dense_thumb_t *l, const int8_t *in, int8_t *out)
{
    ew_dense_thumb_row(l, in, out, -128 * ew_sum(in, l->in_channels));
}
`,
};
