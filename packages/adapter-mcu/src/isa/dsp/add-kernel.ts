import { type Field, type Kernel, fieldOffsets } from "../../kernels/kernel.ts";
import { DSP_CONDITION } from "./condition.ts";

/** The one shift of all sums: an immediate operand. Slopes up to 4 have a factor for it. */
export const SUM_SHIFT = 21;
/** Factors are slopes times 2^8: SMLAW drops 16 bits of the product with an operand in the upper byte of a half, 8 bits up. */
export const FACTOR_BITS = 8;

const fields: readonly Field[] = [
  { type: "int32_t", name: "count", comment: "elements" },
  { type: "int32_t", name: "a_factor", comment: `a scale / output scale * 2^${SUM_SHIFT + FACTOR_BITS}` },
  { type: "int32_t", name: "b_factor", comment: "" },
  { type: "int32_t", name: "start", comment: "zero points and rounding" },
];

/** Words of four elements that one turn of the loop takes. */
const UNROLL = 2;

/** Sums of elements 0 to 3 of a word, in r0, r12, r11, r9: 22 instructions. */
const word = `
    ldr     r9, [r1], #4
    ldr     r10, [r2], #4
    and     r11, r8, r9, lsl #8
    and     r9, r8, r9
    smlawb  r0, r5, r11, r7
    smlawt  r11, r5, r11, r7
    smlawb  r12, r5, r9, r7
    smlawt  r9, r5, r9, r7
    and     lr, r8, r10, lsl #8
    and     r10, r8, r10
    smlawb  r0, r6, lr, r0
    smlawt  r11, r6, lr, r11
    smlawb  r12, r6, r10, r12
    smlawt  r9, r6, r10, r9
${["r0", "r12", "r11", "r9"].map((sum) => `    ssat    ${sum}, #8, ${sum}, asr #${SUM_SHIFT}`).join("\n")}
    bfi     r0, r12, #8, #8
    bfi     r11, r9, #8, #8
    pkhbt   r0, r0, r11, lsl #16
    str     r0, [r3], #4`;

const assembly = `
${fieldOffsets(fields, "EW_ADD")}

/* void ew_add_dsp(const ew_add_dsp_t *l, const int8_t *a, const int8_t *b, int8_t *out)
 *
 *   r1-r3   a, b, out      r4   elements left      r5, r6   factors      r7   start      r8   upper byte of each half */
    .section .text.ew_add_dsp, "ax", %progbits
    .align  2
    .global ew_add_dsp
    .type   ew_add_dsp, %function
    .thumb_func
ew_add_dsp:
    push    {r4-r11, lr}
    ldr     r4, [r0, #EW_ADD_count]
    ldr     r5, [r0, #EW_ADD_a_factor]
    ldr     r6, [r0, #EW_ADD_b_factor]
    ldr     r7, [r0, #EW_ADD_start]
    mov     r8, #0xff00ff00
    subs    r4, #${4 * UNROLL}
    blt     .Lrest
    .align  2
.Lwords:${word.repeat(UNROLL)}
    subs    r4, #${4 * UNROLL}
    bge     .Lwords
.Lrest:
    adds    r4, #${4 * UNROLL}
    beq     .Ldone
.Lelement:
    ldrsb   r9, [r1], #1
    ldrsb   r10, [r2], #1
    lsl     r9, r9, #8
    lsl     r10, r10, #8
    smlawb  r0, r5, r9, r7
    smlawb  r0, r6, r10, r0
    ssat    r0, #8, r0, asr #${SUM_SHIFT}
    strb    r0, [r3], #1
    subs    r4, #1
    bne     .Lelement
.Ldone:
    pop     {r4-r11, pc}
    .size   ew_add_dsp, . - ew_add_dsp
`;

/**
 * Sum or difference of two activations with their own scales, as one line of both, four elements a word.
 *
 *   out[k] = clamp((a_factor / 2^8 * a[k] + b_factor / 2^8 * b[k] + start) >> ${SUM_SHIFT})
 *
 * The line equals "add" for every pair of int8 values: that is proved when it is chosen. Both factors are multiples of 2^8, so
 * that nothing is lost in a product. Partial sums may leave 32 bits, the whole never does. May run in place of a and of b.
 */
export const addDsp: Kernel = {
  name: "add_dsp",
  summary: "element-wise sum or difference as a line, four elements a word",
  fields,
  inputs: ["a", "b"],
  assembly: { condition: DSP_CONDITION, source: assembly, stackBytes: 36 },
  source: `
#if !(${DSP_CONDITION})
void ew_add_dsp(const ew_add_dsp_t *l, const int8_t *a, const int8_t *b, int8_t *out)
{
    const uint32_t a_factor = (uint32_t)(l->a_factor / ${2 ** FACTOR_BITS}), b_factor = (uint32_t)(l->b_factor / ${2 ** FACTOR_BITS});
    const int8_t *const end = a + l->count;

    while (a != end) {
        const uint32_t sum = (uint32_t)*a++ * a_factor + (uint32_t)*b++ * b_factor + (uint32_t)l->start;
        *out++ = ew_clamp((int32_t)sum >> ${SUM_SHIFT}, INT8_MIN, INT8_MAX);
    }
}
#endif
`,
};
