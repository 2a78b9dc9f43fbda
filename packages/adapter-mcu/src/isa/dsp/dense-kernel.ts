import { type Field, type Kernel, clampFields, fieldOffsets } from "../../kernels/kernel.ts";
import { DSP_CONDITION } from "./condition.ts";
import { BLOCK_TAPS, SHARED } from "./row-stream.ts";

const fields: readonly Field[] = [
  { type: "const int32_t *", name: "stream", comment: "runs of channels; per four of them: starts, weights, starts, requantization" },
  { type: "int32_t", name: "in_channels", comment: "" },
  { type: "int32_t", name: "out_channels", comment: "" },
  { type: "int8_t", name: "kind", comment: "1: both roundings of the reference, else the affine epilogue; 2: one requantization for all channels" },
  { type: "int8_t", name: "out_zero", comment: "zero point" },
  ...clampFields,
];

/** Blocks of eight taps that one turn of the inner loop takes. */
const UNROLL = 8;

const inputs = ["r4", "r5", "r6", "r7"];
const weights = ["r8", "r9", "r10", "r11"];

/** Four weight words of a pair of channels against the inputs in r4-r7: 13 instructions for 16 multiply-accumulates. */
function pairBlock(odd: string, even: string): string {
  const dual = (sum: string): string => weights.map((word, k) => `
    smlad   ${sum}, ${inputs[k] ?? ""}, ${word}, ${sum}`).join("");
  return `
    ldmia   lr!, {r8-r11}${dual(odd)}${weights.map((word) => `
    sxtb16  ${word}, ${word}`).join("")}${dual(even)}`;
}

/** Eight taps of four channels: 27 instructions for 32 multiply-accumulates. */
const block = `
    ldmia   r12!, {r4-r7}${pairBlock("r0", "r1")}${pairBlock("r2", "r3")}`;

/** Bytes of one block's code: each of its instructions has four. */
const BLOCK_CODE_BYTES = 27 * 4;

/** Sum, multiplier. */
const lanes = [["r0", "r4"], ["r1", "r5"], ["r2", "r6"], ["r3", "r7"]] as const;

const assembly = `
${fieldOffsets(fields, "EW_DENSE")}

/* void ew_dense_dsp(const ew_dense_dsp_t *l, const int8_t *in, int8_t *out, int8_t *scratch)
 *
 * The input is widened to int16 pairs in scratch, and then serves all output channels, four at a time.
 *   r0, r2   sums of the odd channels * 256 + of the even ones      r1, r3   sums of the even channels
 *   r4-r7    inputs, eight taps      r8-r11   weights of a pair of channels      r12   widened inputs      lr   stream
 * Frame: */
    .equ F_MULTIPLIERS, 0   /* of the four lanes r0-r3, when all blocks share them */
    .equ F_LAST, 16         /* with them: the addend (affine), or their right shifts, a byte each (exact) */
    .equ F_KIND, 20
    .equ F_OUT, 24
    .equ F_LEFT, 28         /* channels of the run still to do */
    .equ F_WIDENED, 32
    .equ F_END, 36          /* of widened */
    .equ F_ENTRY, 40        /* where the first turn of the loop starts */
    .equ F_ZERO, 44
    .equ F_MIN, 48          /* the clamp in each byte */
    .equ F_MAX, 52
    .equ FRAME, 56

    .section .text.ew_dense_dsp, "ax", %progbits
    .align  2
    .global ew_dense_dsp
    .type   ew_dense_dsp, %function
    .thumb_func
ew_dense_dsp:
    push    {r4-r11, lr}
    sub     sp, #FRAME
    ldr     lr, [r0, #EW_DENSE_stream]
    ldrsb   r12, [r0, #EW_DENSE_kind]
    lsls    r9, r12, #31    /* carry: one requantization for all */
    bcc     .Lown
    ldmia   lr!, {r4-r8}
    stmia   sp, {r4-r8}
.Lown:
    str     r12, [sp, #F_KIND]
    str     r2, [sp, #F_OUT]
    ldr     r4, [r0, #EW_DENSE_in_channels]
    adds    r4, #${BLOCK_TAPS - 1}
    lsrs    r4, r4, #3      /* blocks of taps */
    add     r10, r3, r4, lsl #4
    strd    r3, r10, [sp, #F_WIDENED]
    rsbs    r4, r4, #0
    and     r4, r4, #${UNROLL - 1}
    movs    r5, #${BLOCK_CODE_BYTES}
    adr     r6, .Lblock
    adds    r6, #1          /* Thumb */
    mla     r4, r4, r5, r6
    ldrsb   r5, [r0, #EW_DENSE_out_zero]
    strd    r4, r5, [sp, #F_ENTRY]
    ldrb    r4, [r0, #EW_DENSE_clamp_min]
    ldrb    r5, [r0, #EW_DENSE_clamp_max]
    mov     r6, #0x01010101
    muls    r4, r6, r4
    muls    r5, r6, r5
    strd    r4, r5, [sp, #F_MIN]
.Lwiden:
    ldr     r5, [r1, #4]
    ldr     r4, [r1], #8
    sxtb16  r6, r4
    sxtb16  r7, r4, ror #8
    sxtb16  r8, r5
    sxtb16  r9, r5, ror #8
    stmia   r3!, {r6-r9}
    cmp     r3, r10
    bne     .Lwiden
    ldr     r4, [sp, #F_OUT]
    b       .Lrun

.Lfour:
    ldr     r12, [sp, #F_WIDENED]
    ldmia   lr!, {r0, r2}
    movs    r1, #0
    movs    r3, #0
    ldr     pc, [sp, #F_ENTRY]
    .align  2
.Lblock:${block.repeat(UNROLL)}
    ldr     r4, [sp, #F_END]
    cmp     r12, r4
    bne.w   .Lblock

.Lsums:
    ldr     r10, [sp, #F_KIND]
    subs    r0, r0, r1
    subs    r2, r2, r3
    ldmia   lr!, {r8, r9}   /* starts of the even channels */
    lsls    r10, r10, #31   /* carry: one requantization for all; negative: exact */
    bcs     .Lshared
    ldmia   lr!, {r4-r7, r10}
    b       .Lscale
.Lshared:
    ldmia   sp, {r4-r7, r10}
.Lscale:
    bmi     .Lexact
    /* y = ssat8((hi32(sum * multiplier) + addend) >> 10) */
    add     r1, r8, r1, lsl #8
    add     r3, r9, r3, lsl #8
${lanes.map(([sum, multiplier]) => `    smmla   ${sum}, ${sum}, ${multiplier}, r10`).join("\n")}
${lanes.map(([sum]) => `    ssat    ${sum}, #8, ${sum}, asr #10`).join("\n")}
    bfi     r1, r0, #8, #8
    bfi     r3, r2, #8, #8
    pkhbt   r1, r1, r3, lsl #16
.Lstore:
    ldrd    r4, r5, [sp, #F_OUT]
    subs    r5, #4
    blt     .Llast
    str     r1, [r4], #4
    strd    r4, r5, [sp, #F_OUT]
.Lnext:
    cmp     r5, #2
    bgt     .Lfour
    cmp     r5, #0
    ble     .Lrun

    /* One pair, or its even channel alone. */
    ldr     r12, [sp, #F_WIDENED]
    ldmia   lr!, {r0, r2}
    movs    r1, #0
    movs    r3, #0
.Lpair:
    ldmia   r12!, {r4-r7}${pairBlock("r0", "r1")}
    ldr     r4, [sp, #F_END]
    cmp     r12, r4
    bne     .Lpair
    b       .Lsums

.Llast:
    adds    r5, #4
.Lbyte:
    strb    r1, [r4], #1
    lsrs    r1, r1, #8
    subs    r5, #1
    bne     .Lbyte
.Lrun:
    ldr     r5, [lr], #4
    cmp     r5, #0
    strd    r4, r5, [sp, #F_OUT]
    bne     .Lnext
    add     sp, #FRAME
    pop     {r4-r11, pc}

.Lexact:
    /* 2 x, high product rounded, then a right shift with halves away from zero. */
    asrs    r0, r0, #7
    asrs    r2, r2, #7
    add     r1, r8, r1, lsl #1
    add     r3, r9, r3, lsl #1
    ldr     r8, [sp, #F_ZERO]
${lanes.map(([sum, multiplier]) => `    smmulr  ${sum}, ${sum}, ${multiplier}
    add     ${sum}, ${sum}, ${sum}, asr #31
    asrs    ${sum}, ${sum}, r10
    adc     ${sum}, ${sum}, r8
    ssat    ${sum}, #8, ${sum}`).join("\n    lsr     r10, r10, #8\n")}
    bfi     r1, r0, #8, #8
    bfi     r3, r2, #8, #8
    pkhbt   r1, r1, r3, lsl #16
    ldrd    r8, r9, [sp, #F_MIN]
    ssub8   r4, r1, r8
    sel     r1, r1, r8
    ssub8   r4, r9, r1
    sel     r1, r1, r9
    b       .Lstore
    .size   ew_dense_dsp, . - ew_dense_dsp
`;

/**
 * A fully connected layer with one row, with the dual multiply-accumulate of the DSP extension: four channels against
 * eight taps at a time. The arithmetic is that of "dense", bit for bit.
 *
 * The row is widened to int16 once, in working memory; from then on the output may lie over it. Two channels share each
 * weight word (see row-stream.ts), so that one unpacking serves four weights, and four channels share each load of the
 * row: 27 instructions for 32 multiply-accumulates.
 */
export const denseDsp: Kernel = {
  name: "dense_dsp",
  summary: "fully connected layer with one row, four channels at a time",
  fields,
  inputs: ["in"],
  scratch: true,
  readAheadBytes: BLOCK_TAPS - 1,
  assembly: { condition: DSP_CONDITION, source: assembly, stackBytes: 92 },
  source: `
#if !(${DSP_CONDITION})
#include <string.h>

/* Products of eight int16 inputs and the signed halves of four weight words; lanes: 1 for whole halves, 0 for their low bytes. */
static uint32_t ew_dense_dsp_dual(const int8_t *x, const int32_t *w, int32_t whole)
{
    uint32_t sum = 0;

    for (int32_t k = 0; k < 8; k++) {
        const uint32_t half = (uint32_t)w[k >> 1] >> 16 * (k & 1);
        int16_t value;
        memcpy(&value, x + 2 * k, sizeof value);
        sum += (uint32_t)(value * (whole ? (int16_t)(half & 0xffffu) : (int8_t)(half & 0xffu)));
    }
    return sum;
}

/* r: four multipliers, then their addend or their right shifts. */
static int8_t ew_dense_dsp_scale(const ew_dense_dsp_t *l, const int32_t *r, int32_t lane, int32_t sum)
{
    if (l->kind & 1) return ew_requantize(sum, r[lane], -(r[4] >> 8 * lane & 0xff), l->out_zero, l->clamp_min, l->clamp_max);
    return ew_clamp((int32_t)((((int64_t)sum * r[lane]) >> 32) + r[4]) >> 10, -128, 127);
}

void ew_dense_dsp(const ew_dense_dsp_t *l, const int8_t *in, int8_t *out, int8_t *scratch)
{
    const int32_t blocks = (l->in_channels + 7) >> 3;
    const int32_t *s = l->stream, *r = s;
    const int exact = l->kind & 1, shared = l->kind & ${SHARED};

    for (int32_t k = 0; k < 8 * blocks; k++) {
        const int16_t value = k < l->in_channels ? in[k] : 0;
        /* Bytes 0 1 2 3 of a word become the pairs (0, 2) and (1, 3). */
        memcpy(scratch + 8 * (k >> 2) + 4 * (k & 1) + (k & 2), &value, sizeof value);
    }
    if (shared) s += 5;
    for (int32_t run = *s++; run > 0; out += run, run = *s++) {
        for (int32_t o = 0; o < run; o += 4) {
            const int32_t pairs = run - o > 2 ? 2 : 1;
            const int32_t *tail = s + 2 + 4 * pairs * blocks;
            if (!shared) r = tail + 2;
            for (int32_t p = 0; p < pairs; p++) {
                uint32_t odd = (uint32_t)s[p], even = 0;
                for (int32_t k = 0; k < blocks; k++) {
                    const int32_t *w = s + 2 + 4 * (pairs * k + p);
                    odd += ew_dense_dsp_dual(scratch + 16 * k, w, 1);
                    even += ew_dense_dsp_dual(scratch + 16 * k, w, 0);
                }
                odd -= even;
                even = (uint32_t)tail[p] + (exact ? 2 * even : even << 8);
                const int32_t c = o + 2 * p;
                out[c] = ew_dense_dsp_scale(l, r, 2 * p + 1, exact ? (int32_t)even / 2 : (int32_t)even);
                if (c + 1 < run) out[c + 1] = ew_dense_dsp_scale(l, r, 2 * p, exact ? (int32_t)odd >> 8 : (int32_t)odd);
            }
            s = shared ? tail + 2 : r + 5;
        }
    }
}
#endif
`,
};
