import { type Field, type Kernel, clampFields, fieldOffsets, windowFields } from "../../kernels/kernel.ts";
import { DSP_CONDITION } from "./condition.ts";

const fields: readonly Field[] = [
  { type: "const int32_t *", name: "stream", comment: "per pair of channels: start, weights, requantization" },
  { type: "int32_t", name: "out_channels", comment: "" },
  { type: "int32_t", name: "pair_words", comment: "words of two weights in a channel pair" },
  ...windowFields,
  { type: "int16_t", name: "dilation_height", comment: "rows between taps" },
  { type: "int16_t", name: "in_channels", comment: "" },
  { type: "int16_t", name: "row_words", comment: "words of four bytes in a kernel row" },
  { type: "int8_t", name: "exact", comment: "0: the affine epilogue; 1: both roundings of the reference; 2: and a clamp within int8" },
  { type: "int8_t", name: "in_zero", comment: "zero points" },
  { type: "int8_t", name: "out_zero", comment: "" },
  ...clampFields,
];

/** Weight words that one turn of the inner loop takes. */
const UNROLL = 32;

/** Bytes of one weight word's code. */
const WORD_CODE_BYTES = 48;

/** One word of weights, two taps of two channels, against four pixels: 12 instructions for 16 multiply-accumulates. */
const word = `
    ldr     r10, [r8], #4
    sxtb16  r11, r10
    ldrd    r12, lr, [r9], #8
    smlad   r0, r12, r10, r0
    smlad   r4, r12, r11, r4
    smlad   r1, lr, r10, r1
    smlad   r5, lr, r11, r5
    ldrd    r12, lr, [r9], #8
    smlad   r2, r12, r10, r2
    smlad   r6, r12, r11, r6
    smlad   r3, lr, r10, r3
    smlad   r7, lr, r11, r7`;

const odd = ["r0", "r1", "r2", "r3"];
const even = ["r4", "r5", "r6", "r7"];

/** One line for each of some registers. */
function each(registers: readonly string[], line: (register: string, pixel: number) => string): string {
  return registers.map((register, pixel) => `    ${line(register, pixel)}`).join("\n");
}

/** 2 x, high product rounded, then a right shift with halves away from zero. */
const exact = `
    ldmia   r8!, {r9, r10, r11, r12}
    ldr     lr, [sp, #F_ZERO]
${each(even, (r) => `add     ${r}, r9, ${r}, lsl #1`)}
${odd.map((r) => `    asr     ${r}, ${r}, #7
    smmulr  ${r}, ${r}, r10
    add     ${r}, ${r}, ${r}, asr #31
    asrs    ${r}, ${r}, r12
    adc     ${r}, ${r}, lr
    ssat    ${r}, #8, ${r}`).join("\n")}
    lsr     r12, r12, #8
${even.map((r) => `    smmulr  ${r}, ${r}, r11
    add     ${r}, ${r}, ${r}, asr #31
    asrs    ${r}, ${r}, r12
    adc     ${r}, ${r}, lr
    ssat    ${r}, #8, ${r}`).join("\n")}`;

const assembly = `
${fieldOffsets(fields, "EW_CONV")}

/* void ew_conv_dsp_block(const ew_conv_dsp_t *l, const int8_t *widened, int8_t *out, int32_t count)
 *
 * All output channels of four pixels; when count is 1 only the first is right. widened: [pair_words][4 pixels] words of two int16 inputs.
 *   r0-r3  sums of the odd channel * 256 + of the even one, a pixel each      r4-r7  sums of the even channel
 *   r8     stream      r9  widened      r10  two weights      r11  their even channel      r12, lr  inputs
 * Frame: */
    .equ F_WIDENED, 0
    .equ F_OUT, 4
    .equ F_CHANNELS, 8      /* of a pixel: distance of outputs */
    .equ F_LEFT, 12         /* channels still to do */
    .equ F_END, 16          /* of widened */
    .equ F_ENTRY, 20        /* where the first turn of the loop starts */
    .equ F_EPILOGUE, 24
    .equ F_ZERO, 28
    .equ F_MIN, 32          /* the clamp in each byte */
    .equ F_MAX, 36
    .equ FRAME, 40

    .section .text.ew_conv_dsp_block, "ax", %progbits
    .align  2
    .global ew_conv_dsp_block
    .type   ew_conv_dsp_block, %function
    .thumb_func
ew_conv_dsp_block:
    push    {r4-r11, lr}
    sub     sp, #FRAME
    ldr     r8, [r0, #EW_CONV_stream]
    ldr     r6, [r0, #EW_CONV_out_channels]
    ldr     r4, [r0, #EW_CONV_pair_words]
    add     r5, r1, r4, lsl #4
    strd    r1, r2, [sp, #F_WIDENED]
    strd    r6, r6, [sp, #F_CHANNELS]
    /* The first word stands before the loop; the others fill it from the end. */
    subs    r4, #1
    rsb     r4, r4, #0
    and     r4, r4, #${UNROLL - 1}
    movs    r6, #${WORD_CODE_BYTES}
    adr     r7, .Lword
    adds    r7, #1          /* Thumb */
    mla     r4, r4, r6, r7
    cmp     r3, #1
    it      eq
    ldreq   r4, =.Lone + 1
    strd    r5, r4, [sp, #F_END]
    ldrsb   r4, [r0, #EW_CONV_exact]
    ldrsb   r5, [r0, #EW_CONV_out_zero]
    ldr     r6, =.Laffine + 1
    cmp     r4, #1
    it      eq
    ldreq   r6, =.Lexact + 1
    it      gt
    ldrgt   r6, =.Lclamped + 1
    strd    r6, r5, [sp, #F_EPILOGUE]
    ldrb    r4, [r0, #EW_CONV_clamp_min]
    ldrb    r5, [r0, #EW_CONV_clamp_max]
    mov     r6, #0x01010101
    muls    r4, r6, r4
    muls    r5, r6, r5
    strd    r4, r5, [sp, #F_MIN]

.Lpair:
    ldr     r9, [sp, #F_WIDENED]
    ldrd    r0, r10, [r8], #8
    sxtb16  r11, r10
    ldrd    r12, lr, [r9], #8
    ldrd    r2, r3, [r9], #8
    smuad   r4, r12, r11
    smuad   r5, lr, r11
    smuad   r6, r2, r11
    smuad   r7, r3, r11
    smlad   r1, lr, r10, r0
    smlad   r2, r2, r10, r0
    smlad   r3, r3, r10, r0
    smlad   r0, r12, r10, r0
    ldr     lr, [sp, #F_ENTRY]
    bx      lr

    .align  2
.Lword:${word.repeat(UNROLL)}
    ldr     lr, [sp, #F_END]
    cmp     r9, lr
    bne.w   .Lword

.Lsums:
${each(odd, (r, p) => `sub     ${r}, ${r}, ${even[p] ?? ""}`)}
    ldr     pc, [sp, #F_EPILOGUE]

.Laffine:
    /* y = ssat8((hi32(sum * multiplier) - 2^17) >> 10) */
    ldmia   r8!, {r9, r10, r11}
    ldr     r12, =-131072
${each(even, (r) => `add     ${r}, r9, ${r}, lsl #8`)}
${each(odd, (r) => `smmla   ${r}, ${r}, r10, r12`)}
${each(even, (r) => `smmla   ${r}, ${r}, r11, r12`)}
${each([...odd, ...even], (r) => `ssat    ${r}, #8, ${r}, asr #10`)}

.Lstore:
    /* A half word a pixel: even channel, odd channel. */
    ldrd    r9, r10, [sp, #F_OUT]
    ldr     r12, [sp, #F_LEFT]
    add     r11, r9, r10
    subs    r12, #2
    blt     .Llast
${each(even, (r, p) => `bfi     ${r}, ${odd[p] ?? ""}, #8, #8`)}
    strh    r5, [r11]
    strh    r6, [r9, r10, lsl #1]
    strh    r7, [r11, r10, lsl #1]
    strh    r4, [r9], #2
    str     r9, [sp, #F_OUT]
    str     r12, [sp, #F_LEFT]
    bne.w   .Lpair
    b       .Ldone
.Llast:
    strb    r4, [r9]
    strb    r5, [r11]
    strb    r6, [r9, r10, lsl #1]
    add     r11, r11, r10, lsl #1
    strb    r7, [r11]
.Ldone:
    add     sp, #FRAME
    pop     {r4-r11, pc}

.Lexact:${exact}
    b.w     .Lstore
.Lclamped:${exact}
    ldrd    r10, r11, [sp, #F_MIN]
${[...odd, ...even].map((r) => `    ssub8   r12, ${r}, r10
    sel     ${r}, ${r}, r10
    ssub8   r12, r11, ${r}
    sel     ${r}, ${r}, r11`).join("\n")}
    b.w     .Lstore

    /* The rest of the words for the first pixel alone. */
.Lone:
    ldr     lr, [sp, #F_END]
.Loneword:
    ldr     r10, [r8], #4
    ldr     r12, [r9], #16
    sxtb16  r11, r10
    smlad   r0, r12, r10, r0
    smlad   r4, r12, r11, r4
    cmp     r9, lr
    bne     .Loneword
    b.w     .Lsums
    .ltorg
    .size   ew_conv_dsp_block, . - ew_conv_dsp_block

/* void ew_conv_dsp_widen(int8_t *widened, const int8_t *in, int32_t rows_words, int32_t step)
 *
 * Words of four int8 to pairs of int16 (bytes 0 and 2, bytes 1 and 3), for one pixel of four: rows of words that start step
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
.Lwords:${[0, 32, 64, 96].map((at) => `
    ldr     r6, [r1], #4
    sxtb16  r7, r6
    sxtb16  r6, r6, ror #8
    str     r7, [r0, #${at}]
    str     r6, [r0, #${at + 16}]`).join("")}
    adds    r0, #128
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
    str     r6, [r0, #16]
    adds    r0, #32
    subs    r2, #1
    bne     .Lsingle
.Lwidened:
    add     r1, r1, r3
    subs    r5, #1
    bne     .Lrow
    pop     {r4, r5, r6, r7}
    bx      lr
    .size   ew_conv_dsp_widen, . - ew_conv_dsp_widen

/* void ew_conv_dsp_widen4(int8_t *widened, const int8_t *in, int32_t words, int32_t step)
 *
 * The same for four pixels that start step bytes apart. */
    .section .text.ew_conv_dsp_widen4, "ax", %progbits
    .align  2
    .global ew_conv_dsp_widen4
    .type   ew_conv_dsp_widen4, %function
    .thumb_func
ew_conv_dsp_widen4:
    push    {r4-r11}
    add     r12, r3, r3, lsl #1
    add     r12, r12, r1
.Lfour:
    ldr     r5, [r1, r3]
    ldr     r6, [r1, r3, lsl #1]
    ldr     r4, [r1], #4
    ldr     r7, [r12], #4
    sxtb16  r8, r4
    sxtb16  r9, r5
    sxtb16  r10, r6
    sxtb16  r11, r7
    stmia   r0!, {r8-r11}
    sxtb16  r4, r4, ror #8
    sxtb16  r5, r5, ror #8
    sxtb16  r6, r6, ror #8
    sxtb16  r7, r7, ror #8
    stmia   r0!, {r4-r7}
    subs    r2, #1
    bne     .Lfour
    pop     {r4-r11}
    bx      lr
    .size   ew_conv_dsp_widen4, . - ew_conv_dsp_widen4
`;

/**
 * Two-dimensional convolution with the dual multiply-accumulate of the DSP extension, four pixels by two channels at a
 * time. The arithmetic is that of "conv", bit for bit.
 *
 * The windows of four neighbouring pixels are widened to int16 once, in working memory, and serve all output channels.
 * Both channels of a pair sit in one weight word (see pair-stream.ts), so that a pair costs one unpacking for four
 * weights: 12 instructions for 16 multiply-accumulates.
 */
export const convDsp: Kernel = {
  name: "conv_dsp",
  summary: "2-D convolution in blocks of four pixels by two channels",
  fields,
  inputs: ["in"],
  scratch: true,
  readAheadBytes: 3,
  assembly: { condition: DSP_CONDITION, source: assembly, stackBytes: 76 },
  source: `#include <string.h>

#if ${DSP_CONDITION}
void ew_conv_dsp_block(const ew_conv_dsp_t *l, const int8_t *widened, int8_t *out, int32_t count);
void ew_conv_dsp_widen(int8_t *widened, const int8_t *in, int32_t rows_words, int32_t step);
void ew_conv_dsp_widen4(int8_t *widened, const int8_t *in, int32_t words, int32_t step);
#else
static int32_t ew_pair(const int8_t *at)
{
    int32_t pair;
    memcpy(&pair, at, sizeof pair);
    return pair;
}

static void ew_put_pair(int8_t *at, int32_t low, int32_t high)
{
    const uint32_t pair = ((uint32_t)low & 0xffffu) | ((uint32_t)high << 16);
    memcpy(at, &pair, sizeof pair);
}

/* Products of the signed halves, added. */
static uint32_t ew_dual(int32_t a, int32_t b)
{
    return (uint32_t)((int32_t)(int16_t)(a & 0xffff) * (int16_t)(b & 0xffff)) + (uint32_t)((a >> 16) * (b >> 16));
}

static int8_t ew_affine(uint32_t sum, int32_t multiplier)
{
    return ew_clamp((int32_t)((((int64_t)(int32_t)sum * multiplier) >> 32) - 131072) >> 10, -128, 127);
}

static void ew_conv_dsp_block(const ew_conv_dsp_t *l, const int8_t *widened, int8_t *out, int32_t count)
{
    const int32_t *s = l->stream;

    for (int32_t o = 0; o < l->out_channels; o += 2) {
        const int32_t *tail = s + 1 + l->pair_words;
        for (int32_t p = 0; p < (count == 1 ? 1 : 4); p++) {
            uint32_t a = (uint32_t)s[0], b = 0;
            for (int32_t k = 0; k < l->pair_words; k++) {
                const int32_t x = ew_pair(widened + 16 * k + 4 * p), w = s[1 + k];
                const uint32_t even = ((uint32_t)(int8_t)(w & 0xff) & 0xffffu) | ((uint32_t)(int8_t)((w >> 16) & 0xff) << 16);
                a += ew_dual(x, w);
                b += ew_dual(x, (int32_t)even);
            }
            a -= b;
            int8_t *to = out + p * l->out_channels + o;
            if (l->exact) {
                to[0] = ew_requantize((int32_t)((uint32_t)tail[0] + 2 * b) / 2, tail[2], -(tail[3] >> 8), l->out_zero, l->clamp_min, l->clamp_max);
                if (o + 1 < l->out_channels) to[1] = ew_requantize((int32_t)a >> 8, tail[1], -(tail[3] & 0xff), l->out_zero, l->clamp_min, l->clamp_max);
            } else {
                to[0] = ew_affine((uint32_t)tail[0] + (b << 8), tail[2]);
                if (o + 1 < l->out_channels) to[1] = ew_affine(a, tail[1]);
            }
        }
        s = tail + (l->exact ? 4 : 3);
    }
}

static void ew_conv_dsp_widen(int8_t *widened, const int8_t *in, int32_t rows_words, int32_t step)
{
    for (int32_t rows = rows_words >> 16; rows > 0; rows--, in += step) {
        for (int32_t k = 0; k < (rows_words & 0xffff); k++, widened += 32) {
            ew_put_pair(widened, in[4 * k], in[4 * k + 2]);
            ew_put_pair(widened + 16, in[4 * k + 1], in[4 * k + 3]);
        }
    }
}

static void ew_conv_dsp_widen4(int8_t *widened, const int8_t *in, int32_t words, int32_t step)
{
    for (int32_t p = 0; p < 4; p++) ew_conv_dsp_widen(widened + 4 * p, in + p * step, 0x10000 + words, 0);
}
#endif

/* A row of kernel taps for one pixel, of which the bytes from..to lie inside the picture. */
static void ew_conv_dsp_border(const ew_conv_dsp_t *l, const int8_t *in, int8_t *widened, int32_t from, int32_t to)
{
    for (int32_t k = 0; k < 4 * l->row_words; k++) {
        const int16_t value = k >= from && k < to ? in[k] : l->in_zero;
        /* Pair 2 (k / 4) + k % 2, its half (k / 2) % 2. */
        memcpy(widened + 16 * (2 * (k >> 2) + (k & 1)) + (k & 2), &value, sizeof value);
    }
}

static void ew_conv_dsp_zeros(const ew_conv_dsp_t *l, int8_t *widened, int32_t pairs, int32_t step)
{
    const int32_t zero = (l->in_zero & 0xffff) | (int32_t)((uint32_t)l->in_zero << 16);

    for (int32_t k = 0; k < pairs; k++, widened += step) memcpy(widened, &zero, sizeof zero);
}

/* Rows of a window of one pixel, from the first one inside the picture. */
static void ew_conv_dsp_rows(const ew_conv_dsp_t *l, const int8_t *in, int8_t *widened, int32_t rows, int32_t left)
{
    const int32_t step = l->dilation_height * l->in_width * l->in_channels;
    const int32_t row_bytes = l->kernel_width * l->in_channels;
    const int32_t from = left < 0 ? -left * l->in_channels : 0;
    const int32_t to = left + l->kernel_width > l->in_width ? (l->in_width - left) * l->in_channels : row_bytes;

    if (from == 0 && to == row_bytes) {
        ew_conv_dsp_widen(widened, in, rows << 16 | l->row_words, step);
        return;
    }
    for (; rows > 0; rows--, in += step, widened += 32 * l->row_words) {
        if (from >= to) ew_conv_dsp_zeros(l, widened, 2 * l->row_words, 16);
        else if (((from | to) & 3) == 0) {
            ew_conv_dsp_zeros(l, widened, from >> 1, 16);
            ew_conv_dsp_widen(widened + 8 * from, in + from, 0x10000 | (to - from) >> 2, 0);
            ew_conv_dsp_zeros(l, widened + 8 * to, 2 * l->row_words - (to >> 1), 16);
        } else ew_conv_dsp_border(l, in, widened, from, to);
    }
}

/* The window of one pixel. */
static void ew_conv_dsp_pixel(const ew_conv_dsp_t *l, const int8_t *in, int8_t *widened, int32_t top, int32_t left)
{
    const int32_t first = ew_window_first(top, l->dilation_height);
    const int32_t end = ew_window_end(top, l->dilation_height, l->kernel_height, l->in_height);
    const int32_t row_pairs = 2 * l->row_words;

    ew_conv_dsp_zeros(l, widened, (first < l->kernel_height ? first : l->kernel_height) * row_pairs, 16);
    if (first < end) ew_conv_dsp_rows(l, in + ((top + first * l->dilation_height) * l->in_width + left) * l->in_channels, widened + 16 * first * row_pairs, end - first, left);
    if (end < l->kernel_height && first < l->kernel_height) {
        const int32_t after = end > first ? end : first;
        ew_conv_dsp_zeros(l, widened + 16 * after * row_pairs, (l->kernel_height - after) * row_pairs, 16);
    }
}

/* The windows of four pixels of one row, all their columns inside the picture. */
static void ew_conv_dsp_four(const ew_conv_dsp_t *l, const int8_t *in, int8_t *widened, int32_t top, int32_t left)
{
    const int32_t step = l->stride_width * l->in_channels;

    for (int32_t i = 0, y = top; i < l->kernel_height; i++, y += l->dilation_height, widened += 32 * l->row_words) {
        if (y < 0 || y >= l->in_height) ew_conv_dsp_zeros(l, widened, 8 * l->row_words, 4);
        else ew_conv_dsp_widen4(widened, in + (y * l->in_width + left) * l->in_channels, l->row_words, step);
    }
}

void ew_conv_dsp(const ew_conv_dsp_t *l, const int8_t *in, int8_t *out, int8_t *scratch)
{
    const int32_t pixels = l->out_height * l->out_width;
    int32_t ox = 0, top = -l->pad_top;

    for (int32_t p = 0; p < pixels; p += 4, out += 4 * l->out_channels) {
        const int32_t count = pixels - p < 4 ? pixels - p : 4;
        const int32_t left = ox * l->stride_width - l->pad_left;
        if (count == 4 && ox + 4 <= l->out_width && left >= 0 && left + 3 * l->stride_width + l->kernel_width <= l->in_width) {
            ew_conv_dsp_four(l, in, scratch, top, left);
            ox += 4;
            if (ox == l->out_width) {
                ox = 0;
                top += l->stride_height;
            }
        } else {
            for (int32_t q = 0; q < count; q++) {
                ew_conv_dsp_pixel(l, in, scratch + 4 * q, top, ox * l->stride_width - l->pad_left);
                if (++ox == l->out_width) {
                    ox = 0;
                    top += l->stride_height;
                }
            }
        }
        if (count == 4) ew_conv_dsp_block(l, scratch, out, count);
        else {
            /* The last pixels leave their block by way of the working memory. */
            int8_t *last = scratch + 16 * l->pair_words;
            ew_conv_dsp_block(l, scratch, last, count);
            memcpy(out, last, (size_t)(count * l->out_channels));
        }
    }
}
`,
};
