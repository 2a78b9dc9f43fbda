import { type Field, type Kernel } from "../../kernels/kernel.ts";
import { DSP_CONDITION } from "./condition.ts";

const fields: readonly Field[] = [
  { type: "const int32_t *", name: "stream", comment: "per channel: weights of a column in a word, start, multiplier" },
  { type: "int16_t", name: "in_height", comment: "input [in_height][in_width][channels]" },
  { type: "int16_t", name: "in_width", comment: "" },
  { type: "int16_t", name: "out_height", comment: "output [out_height][out_width][channels]" },
  { type: "int16_t", name: "out_width", comment: "" },
  { type: "int16_t", name: "pad_top", comment: "rows of padding above, columns to the left" },
  { type: "int16_t", name: "pad_left", comment: "" },
  { type: "int16_t", name: "channels", comment: "" },
  { type: "int16_t", name: "stride", comment: "1 or 2" },
  { type: "int16_t", name: "columns", comment: "that the outputs of a row see, padding included" },
  { type: "int16_t", name: "pairs", comment: "of rows in working memory: 8 or 2" },
  { type: "int8_t", name: "in_zero", comment: "zero point" },
];

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

type Stride = 1 | 2;
/** Pairs of rows that a column keeps: for seven steps, or for one. */
type Pairs = 2 | 8;

/** One output, or two below each other: r10 the column's pairs, r11 the output, r12 bytes to the output below. */
function output(stride: Stride, pairs: Pairs): string {
  const column = 16 * pairs;
  const loads = [0, 1, 2].map((at) => `ldrd    r2, r3, [r10${at === 0 ? `], #${stride * column}` : `, #${(at - stride) * column}]`}`);
  const both = stride === 1 ? ["r0", "r1"] : ["r0"];
  return `    ldr     r0, [sp, #F_START]${loads.map((load, at) => `
    ${load}${taps(stride, at)}`).join("")}
    ldrd    r2, r3, [sp, #F_MULTIPLIER]
${both.map((r) => `    smmla   ${r}, ${r}, r2, r3`).join("\n")}
${both.map((r) => `    ssat    ${r}, #8, ${r}, asr #10`).join("\n")}${stride === 1 ? `
    strb    r1, [r11, r12]` : ""}
    strb    r0, [r11]
    uxtah   r11, r11, lr`;
}

/** A row of outputs, two at a time; a row of an odd number starts with the second. */
function rowLoop(stride: Stride, pairs: Pairs): string {
  const label = `.Lstride${stride}_pairs${pairs}`;
  return `${label}_even:
${output(stride, pairs)}
${label}_odd:
${output(stride, pairs)}
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

const assembly = `
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
    .equ F_ADDEND, 48
    .equ F_PLACE, 52        /* bytes of a channel's pairs in a column */
    .equ FRAME, 56

/* void ew_depthwise_dsp_channels(const ew_depthwise_band_t *band)
 *
 * Up to four channels of a band of steps, one after the other: a step is two output rows (stride 1) or one (stride 2).
 *   r0, r1   sums * 256 of the upper and lower row     r2, r3  rows 0 and 1, rows 2 and 3 of a column, int16 halves
 *   r4-r6    weights (w[0], w[1]) * 256 by column      r7-r9   (w[1], w[2]) * 256
 *   r10      pairs      r11  output      r12  bytes to the row below      lr  columns left << 16 | bytes of a pixel */
    .section .text.ew_depthwise_dsp_channels, "ax", %progbits
    .align  2
    .global ew_depthwise_dsp_channels
    .type   ew_depthwise_dsp_channels, %function
    .thumb_func
ew_depthwise_dsp_channels:
    push    {r4-r11, lr}
    sub     sp, #FRAME
    ldrd    r8, r11, [r0, #32]      /* the last members have other places in the copy */
    ldmia   r0, {r0-r7}
    ldr     r9, =-131072
    adr     r10, .Lkinds
    ldr     r7, [r10, r7, lsl #2]
    stmia   sp, {r0-r7}
    str     r8, [sp, #F_REWIND]
    str     r11, [sp, #F_PLACE]
    str     r9, [sp, #F_ADDEND]
.Lchannel:
    ldr     r10, [sp, #F_STREAM]
    ldr     r11, [sp, #F_STEPS]
    ldmia   r10!, {r0-r3, r12}
    str     r10, [sp, #F_STREAM]
    mov     lr, #0xff00ff00
    and     r4, lr, r0, lsl #8
    and     r5, lr, r1, lsl #8
    and     r6, lr, r2, lsl #8
    and     r7, r0, lr
    and     r8, r1, lr
    and     r9, r2, lr
    str     r11, [sp, #F_STEP]
    strd    r3, r12, [sp, #F_START]
    ldrd    r10, r11, [sp, #F_PAIRS]
    ldrd    r12, lr, [sp, #F_BELOW]
    ldr     pc, [sp, #F_ROW]
    .align  2
.Lkinds:
    .word   ${[8, 2].flatMap((pairs) => [1, 2].flatMap((stride) => ["even", "odd"].map((start) => `.Lstride${stride}_pairs${pairs}_${start} + 1`))).join(", ")}
${rowLoop(1, 8)}
${rowLoop(2, 8)}
${rowLoop(1, 2)}
${rowLoop(2, 2)}
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
    .size   ew_depthwise_dsp_channels, . - ew_depthwise_dsp_channels

/* void ew_depthwise_dsp_pack(int8_t *to, int32_t pairs, const ew_depthwise_rows_t *rows, int32_t count)
 *
 * Four channels of count pixels in two rows, as pairs (upper, lower) of int16.
 *   r0 to   r1 pairs a column   r2 upper row   r3 pixels left   r11 lower row   r9, r10 bytes to the next pixel */
    .section .text.ew_depthwise_dsp_pack, "ax", %progbits
    .align  2
    .global ew_depthwise_dsp_pack
    .type   ew_depthwise_dsp_pack, %function
    .thumb_func
ew_depthwise_dsp_pack:
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
    .size   ew_depthwise_dsp_pack, . - ew_depthwise_dsp_pack

/* void ew_depthwise_dsp_carry(int8_t *scratch, int32_t pairs, int32_t count, int32_t from)
 *
 * The pair from bytes behind each channel's first takes its place, for count columns. */
    .section .text.ew_depthwise_dsp_carry, "ax", %progbits
    .align  2
    .global ew_depthwise_dsp_carry
    .type   ew_depthwise_dsp_carry, %function
    .thumb_func
ew_depthwise_dsp_carry:
    cmp     r1, #8
    bne     .Lcarry2
${([8, 2] as const).map((pairs) => `.Lcarry${pairs}:
${[0, 1, 2, 3].map(() => `    ldr     r12, [r0, r3]
    str     r12, [r0], #${4 * pairs}`).join("\n")}
    subs    r2, #1
    bne     .Lcarry${pairs}
    bx      lr`).join("\n")}
    .size   ew_depthwise_dsp_carry, . - ew_depthwise_dsp_carry
`;

/**
 * Depthwise 3x3 convolution with the dual multiply-accumulate of the DSP extension, strides 1 and 2, one output a channel.
 * The arithmetic is that of "depthwise", bit for bit, in its affine form (see requantization.ts).
 *
 * Works on four channels at a time, down the picture. A step needs two pairs of input rows, packed into int16 halves in
 * working memory; with stride 1 it gives two output rows by six MACs an output, with stride 2 one row. The last pair of
 * one call is the first of the next, and is carried over, so that an output may replace the input it was made from.
 */
export const depthwiseDsp: Kernel = {
  name: "depthwise_dsp",
  summary: "depthwise 3x3 convolution on pairs of rows",
  fields,
  inputs: ["in"],
  scratch: true,
  readAheadBytes: 3,
  assembly: { condition: DSP_CONDITION, source: assembly, stackBytes: 92 },
  source: `#include <string.h>

/* One call's work: up to four channels of one step or seven. */
typedef struct {
    const int32_t *stream;
    const int8_t *pairs; /* [columns][4 channels][pairs of rows] words of two int16; a step reads two pairs */
    int8_t *out;
    int32_t below;       /* bytes from an output to the one in the row below; 0: there is no row below */
    int32_t counter;     /* ((outputs of a row + 1) / 2 - 1) << 16 | bytes of a pixel */
    int32_t steps;
    int32_t channels;
    int32_t kind;        /* 1: a row has an odd number of outputs; 2: stride 2; 4: a column keeps two pairs */
    int32_t rewind;      /* from behind a row's columns to the next step's first */
    int32_t place;       /* bytes of a channel's pairs in a column */
} ew_depthwise_band_t;

typedef struct {
    const int8_t *upper, *lower;
    int32_t upper_step, lower_step; /* bytes to the next pixel; 0 in a row of padding */
} ew_depthwise_rows_t;

#if ${DSP_CONDITION}
void ew_depthwise_dsp_channels(const ew_depthwise_band_t *band);
void ew_depthwise_dsp_pack(int8_t *to, int32_t pairs, const ew_depthwise_rows_t *rows, int32_t count);
void ew_depthwise_dsp_carry(int8_t *scratch, int32_t pairs, int32_t count, int32_t from);
#else
static int32_t ew_half(const int8_t *at)
{
    int16_t half;
    memcpy(&half, at, sizeof half);
    return half;
}

static void ew_depthwise_dsp_channels(const ew_depthwise_band_t *band)
{
    const int32_t width = 2 * ((band->counter >> 16) + 1) - (band->kind & 1), pixel = band->counter & 0xffff;
    const int32_t stride = (band->kind >> 1 & 1) + 1, pairs = band->place / 4;
    const int32_t rows = stride == 1 ? 2 : 1;

    for (int32_t c = 0; c < band->channels; c++) {
        const int32_t *s = band->stream + 5 * c;
        for (int32_t i = 0; i < band->steps * rows * width; i++) {
            const int32_t step = i / (rows * width), row = i / width % rows, x = i % width;
            uint32_t sum = (uint32_t)s[3];
            if (row > 0 && band->below == 0) continue;
            for (int32_t j = 0; j < 3; j++) {
                const int8_t *tap = band->pairs + 4 * (4 * (x * stride + j) + c) * pairs + 4 * step + 2 * row;
                const uint32_t w = (uint32_t)s[j];
                sum += (uint32_t)(ew_half(tap) * (int8_t)(w & 255) * 256);
                sum += (uint32_t)(ew_half(tap + 2) * (int8_t)(w >> 8 & 255) * 256);
                sum += (uint32_t)(ew_half(tap + 4) * (int8_t)(w >> 24) * 256);
            }
            band->out[c + i * pixel] = ew_clamp((int32_t)((((int64_t)(int32_t)sum * s[4]) >> 32) - 131072) >> 10, -128, 127);
        }
    }
}

static void ew_depthwise_dsp_pack(int8_t *to, int32_t pairs, const ew_depthwise_rows_t *rows, int32_t count)
{
    for (int32_t x = 0; x < count; x++) {
        for (int32_t c = 0; c < 4; c++, to += 4 * pairs) {
            const int16_t pair[2] = {rows->upper[x * rows->upper_step + c], rows->lower[x * rows->lower_step + c]};
            memcpy(to, pair, sizeof pair);
        }
    }
}

static void ew_depthwise_dsp_carry(int8_t *scratch, int32_t pairs, int32_t count, int32_t from)
{
    for (int32_t k = 0; k < 4 * count; k++, scratch += 4 * pairs) memcpy(scratch, scratch + from, 4);
}
#endif

/* Columns of padding: nothing overwrites them. */
static void ew_depthwise_dsp_sides(const ew_depthwise_dsp_t *l, int8_t *scratch, const ew_depthwise_rows_t *padding)
{
    const int32_t right = l->pad_left + l->in_width;

    for (int32_t pair = 0; pair < l->pairs; pair++, scratch += 4) {
        if (l->pad_left > 0) ew_depthwise_dsp_pack(scratch, l->pairs, padding, l->pad_left);
        if (right < l->columns) ew_depthwise_dsp_pack(scratch + 16 * l->pairs * right, l->pairs, padding, l->columns - right);
    }
}

void ew_depthwise_dsp(const ew_depthwise_dsp_t *l, const int8_t *in, int8_t *out, int8_t *scratch)
{
    const int8_t zeros[4] = {l->in_zero, l->in_zero, l->in_zero, l->in_zero};
    const ew_depthwise_rows_t padding = {zeros, zeros, 0, 0};
    const int32_t row = l->out_width * l->channels; /* bytes of outputs */
    const int32_t rows = l->stride == 1 ? 2 : 1; /* of outputs, a step */
    const int32_t height = l->in_height, channels = l->channels, pairs = l->pairs, row_bytes = l->in_width * l->channels;
    const int32_t inside = l->columns - l->pad_left < l->in_width ? l->columns - l->pad_left : l->in_width;
    int8_t *const first = scratch + 16 * pairs * l->pad_left;
    ew_depthwise_band_t band = {
        l->stream, scratch, out, row, ((l->out_width + 1) / 2 - 1) * 0x10000 + l->channels, 0, 4,
        (l->out_width & 1) + 2 * (l->stride - 1) + (l->pairs == 2 ? 4 : 0), 4 - 16 * l->pairs * l->stride * l->out_width, 4 * l->pairs,
    };

    ew_depthwise_dsp_sides(l, scratch, &padding);
    for (int32_t c = 0; c < channels; c += 4, in += 4, band.stream += 20) {
        int32_t y = -l->pad_top;
        band.channels = channels - c < 4 ? channels - c : 4;
        band.out = out + c;
        band.steps = 0;
        for (int32_t left = l->out_height; left > 0; left -= rows * band.steps) {
            /* Pair 0 comes from the steps before, and from the picture at its top. */
            int32_t pair = y == -l->pad_top ? 0 : 1;
            if (pair > 0) ew_depthwise_dsp_carry(scratch, pairs, l->columns, 4 * band.steps);
            band.steps = left < rows ? 1 : left / rows < pairs - 1 ? left / rows : pairs - 1;
            band.below = left < rows ? 0 : row;
            for (; pair <= band.steps; pair++, y += 2) {
                ew_depthwise_rows_t two = padding;
                if (y >= 0 && y < height) {
                    two.upper = in + y * row_bytes;
                    two.upper_step = channels;
                }
                if (y + 1 >= 0 && y + 1 < height) {
                    two.lower = in + (y + 1) * row_bytes;
                    two.lower_step = channels;
                }
                ew_depthwise_dsp_pack(first + 4 * pair, pairs, &two, inside);
            }
            ew_depthwise_dsp_channels(&band);
            band.out += rows * band.steps * row;
        }
    }
}
`,
};
