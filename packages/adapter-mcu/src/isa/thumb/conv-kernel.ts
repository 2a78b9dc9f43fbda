import { type Field, type Kernel, clampFields, fieldOffsets, windowFields } from "../../kernels/kernel.ts";
import { THUMB_CONDITION } from "./condition.ts";
import { GROUP_TAPS, LANE_OFFSET } from "./lane-stream.ts";
import { highProduct, line, lineSource, roundedShift, saturate, splitMultiplier } from "./requantize.ts";

const fields: readonly Field[] = [
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

/** Offset of both lanes. */
const BOTH_LANES = LANE_OFFSET * 65537;

const inputs = ["r4", "r5", "r6", "r7"];

/** Sum in r0 of one channel: into its low register as it is, its upper lane into its high register. */
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

/** Registers at the start of sums: what `turns` of lane offsets per group will add, taken off before. */
const startSums = `
    lsls    r1, r0, #16
    adds    r1, r1, r0
    mov     r9, r1
    mov     r10, r0
    mov     r11, r1
    mov     r12, r0`;

const assembly = `
${fieldOffsets(fields, "EW_CONV")}
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

/**
 * Two-dimensional convolution and dense rows in ARMv6-M instructions, two pixels by two channels at a time. The arithmetic is
 * that of "conv", bit for bit.
 *
 * The windows of two pixels are put into the halves of words once, in working memory, and serve all output channels: a
 * product of a word and a weight is two multiply-accumulates. The sum of four such products leaves each pixel in its own 16
 * bits (see lane-stream.ts), so that a channel costs 15 instructions for eight multiply-accumulates.
 *
 *   with T the sums of four:  low += T,  high += T >> 16  ⇒  second pixel = high,  first pixel = low - high * 2^16
 */
export const convThumb: Kernel = {
  name: "conv_thumb",
  summary: "2-D convolution in blocks of two pixels by two channels",
  fields,
  inputs: ["in"],
  scratch: true,
  readAheadBytes: GROUP_TAPS - 1,
  assembly: { condition: THUMB_CONDITION, source: assembly, stackBytes: 84 },
  source: `#include <string.h>

#if ${THUMB_CONDITION}
void ew_conv_thumb_block(const ew_conv_thumb_t *l, const int8_t *lanes, int8_t *out, int32_t step);
void ew_conv_thumb_pack(int8_t *lanes, const int8_t *first, const int8_t *second, int32_t groups);
#else
${lineSource.trim()}

static uint32_t ew_word(const uint8_t *at)
{
    uint32_t word;
    memcpy(&word, at, sizeof word);
    return word;
}

/* Adds a sum of products, one pixel in each half. */
static void ew_fold(uint32_t sum, uint32_t *low, uint32_t *high)
{
    *low += sum;
    *high += sum >> 16;
}

static void ew_conv_thumb_block(const ew_conv_thumb_t *l, const int8_t *lanes, int8_t *out, int32_t step)
{
    const uint32_t both_lanes = ${BOTH_LANES};
    const uint8_t *x = (const uint8_t *)lanes;
    const uint8_t *s = (const uint8_t *)l->stream;

    for (int32_t o = 0; o < l->out_channels; o += 2) {
        const uint8_t *head = s;
        /* What the lane offsets of all groups will add, taken off before. */
        const uint32_t start = (uint32_t)(l->groups * (head[0] == 255 ? 2 : 1)) * (0u - ${LANE_OFFSET});
        uint32_t low[2] = {start * 65537u, start * 65537u}, high[2] = {start, start};
        s += 4;
        for (int32_t g = 0; g < l->groups; g++, s += 8) {
            const uint8_t *in = x + 20 * g;
            for (int c = 0; c < 2; c++) {
                const uint8_t *w = s + 4 * c;
                if (head[0] == 255) {
                    ew_fold(both_lanes + ew_word(in + 4) * (w[0] - 128u) + ew_word(in + 8) * (w[1] - 128u), &low[c], &high[c]);
                    ew_fold(both_lanes + ew_word(in + 12) * (w[2] - 128u) + ew_word(in + 16) * (w[3] - 128u), &low[c], &high[c]);
                } else {
                    ew_fold(ew_word(in) + ew_word(in + 4) * w[0] + ew_word(in + 8) * w[1] + ew_word(in + 12) * w[2] + ew_word(in + 16) * w[3], &low[c], &high[c]);
                }
            }
        }
        if (head[0] != 255) {
            const int32_t spills = head[0] + head[1];
            for (int32_t i = 0; i < spills; i++, s += 2) {
                const int c = i >= head[0];
                const uint32_t eighth = s[0] & 31u;
                const uint32_t weight = 8 * (eighth - (eighth & 16u) * 2);
                ew_fold(both_lanes + ew_word(x + 4 * ((s[0] >> 5) + 8 * s[1])) * weight, &low[c], &high[c]);
            }
            s += 2 * (spills & 1);
        }
        for (int c = 0; c < 2 && o + c < l->out_channels; c++) {
            const uint32_t first = low[c] - (high[c] << 16), second = high[c];
            const uint32_t bias = ew_word(s + 8 * c);
            const int32_t multiplier = (int32_t)ew_word(s + 8 * c + 4);
            if (head[3] >= 128) {
                out[step + o + c] = ew_line(second, multiplier, bias, head[2], head[3] - 128);
                out[o + c] = ew_line(first, multiplier, bias, head[2], head[3] - 128);
            } else {
                const int shift = -(int)head[2 + c];
                out[step + o + c] = ew_requantize((int32_t)(second + bias), multiplier, shift, l->out_zero, l->clamp_min, l->clamp_max);
                out[o + c] = ew_requantize((int32_t)(first + bias), multiplier, shift, l->out_zero, l->clamp_min, l->clamp_max);
            }
        }
        s += 16;
    }
}

static void ew_conv_thumb_pack(int8_t *lanes, const int8_t *first, const int8_t *second, int32_t groups)
{
    for (; groups > 0; groups--, lanes += 20, first += 4, second += 4) {
        uint32_t sum = 0;
        for (int k = 0; k < 4; k++) {
            const uint32_t word = (uint32_t)first[k] + ((uint32_t)second[k] << 16);
            memcpy(lanes + 4 + 4 * k, &word, sizeof word);
            sum += word;
        }
        sum = ${BOTH_LANES} - 128 * sum;
        memcpy(lanes, &sum, sizeof sum);
    }
}
#endif

/* The taps of one kernel row of a pixel: where they are, or in line when some lie outside the picture. */
static const int8_t *ew_conv_thumb_row(const ew_conv_thumb_t *l, const int8_t *in, int32_t y, int32_t left, int8_t *line)
{
    const int32_t channels = l->in_channels;
    const int32_t width = l->kernel_width * channels;
    const int32_t from = left < 0 ? -left * channels : 0;
    const int32_t to = left + l->kernel_width > l->in_width ? (l->in_width - left) * channels : width;

    if (y >= 0 && y < l->in_height && from < to) {
        in += (y * l->in_width + left) * channels + from;
        if (to - from == width) return in;
        memset(line, l->in_zero, (size_t)width);
        memcpy(line + from, in, (size_t)(to - from));
    } else memset(line, l->in_zero, (size_t)width);
    return line;
}

void ew_conv_thumb(const ew_conv_thumb_t *l, const int8_t *in, int8_t *out, int8_t *scratch)
{
    const int32_t width = l->kernel_width * l->in_channels;
    const int32_t window = 4 * (l->row_groups > 0 ? l->row_groups : l->groups);
    int8_t *lines = scratch + 20 * l->groups;
    int32_t ox = 0, top = -l->pad_top;

    for (int32_t pixels = l->out_height * l->out_width; pixels > 0; pixels -= 2, out += 2 * l->out_channels) {
        const int32_t left = ox * l->stride_width - l->pad_left;
        const int32_t top0 = top;
        if (++ox == l->out_width) {
            ox = 0;
            top += l->stride_height;
        }
        /* A last pixel without a second one stands in both lanes. */
        const int32_t left1 = pixels > 1 ? ox * l->stride_width - l->pad_left : left;
        const int32_t drop = pixels > 1 ? top - top0 : 0;
        if (pixels > 1 && ++ox == l->out_width) {
            ox = 0;
            top += l->stride_height;
        }
        int8_t *lanes = scratch, *line = lines;
        for (int32_t i = 0, y = top0; i < l->kernel_height; i++, y += l->dilation_height) {
            const int8_t *first = ew_conv_thumb_row(l, in, y, left, line);
            const int8_t *second = ew_conv_thumb_row(l, in, y + drop, left1, line + window);
            if (l->row_groups > 0) {
                ew_conv_thumb_pack(lanes, first, second, l->row_groups);
                lanes += 20 * l->row_groups;
            } else {
                if (first != line) memcpy(line, first, (size_t)width);
                if (second != line + window) memcpy(line + window, second, (size_t)width);
                line += width;
            }
        }
        if (l->row_groups == 0) ew_conv_thumb_pack(scratch, lines, lines + window, l->groups);
        ew_conv_thumb_block(l, scratch, out, pixels > 1 ? l->out_channels : 0);
    }
}
`,
};
