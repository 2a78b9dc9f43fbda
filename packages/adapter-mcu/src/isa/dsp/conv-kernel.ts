import { type Field, type Kernel, clampFields, windowFields } from "../../kernels/kernel.ts";
import { DSP_CONDITION } from "./condition.ts";
import { convAssembly } from "./conv-assembly.ts";

const fields: readonly Field[] = [
  { type: "const int32_t *", name: "stream", comment: "runs of channels; per pair of them: start, weights, requantization" },
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

/** Pixels of a block. */
export const BLOCK_PIXELS = 3;
/**
 * Two-dimensional convolution with the dual multiply-accumulate of the DSP extension, three pixels by two channels at a
 * time. The arithmetic is that of "conv", bit for bit.
 *
 * The windows of three neighbouring pixels are widened to int16 once, in working memory, and serve all output channels.
 * Both channels of a pair sit in one weight word (see pair-stream.ts), so that a pair costs one unpacking for four
 * weights: 25 instructions for 36 multiply-accumulates.
 */
export const convDsp: Kernel = {
  name: "conv_dsp",
  summary: "2-D convolution in blocks of three pixels by two channels",
  fields,
  inputs: ["in"],
  scratch: true,
  readAheadBytes: 3,
  assembly: { condition: DSP_CONDITION, source: convAssembly(fields), stackBytes: 84 },
  source: `#include <string.h>

#if ${DSP_CONDITION}
void ew_conv_dsp_block(const ew_conv_dsp_t *l, const int8_t *widened, int8_t *out);
void ew_conv_dsp_widen(int8_t *widened, const int8_t *in, int32_t rows_words, int32_t step);
void ew_conv_dsp_widen3(int8_t *widened, const int8_t *in, int32_t words, int32_t step);
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

static void ew_conv_dsp_block(const ew_conv_dsp_t *l, const int8_t *widened, int8_t *out)
{
    const int32_t *s = l->stream;

    for (int32_t run = *s++; run > 0; out += run, run = *s++) {
        for (int32_t o = 0; o < run; o += 2) {
            const int32_t *tail = s + 1 + l->pair_words;
            for (int32_t p = 0; p < 3; p++) {
                uint32_t a = (uint32_t)s[0], b = 0;
                for (int32_t k = 0; k < l->pair_words; k++) {
                    const int32_t x = ew_pair(widened + 12 * k + 4 * p), w = s[1 + k];
                    const uint32_t even = ((uint32_t)(int8_t)(w & 0xff) & 0xffffu) | ((uint32_t)(int8_t)((w >> 16) & 0xff) << 16);
                    a += ew_dual(x, w);
                    b += ew_dual(x, (int32_t)even);
                }
                a -= b;
                int8_t *to = out + p * l->out_channels + o;
                if (l->exact) {
                    to[0] = ew_requantize((int32_t)((uint32_t)tail[0] + 2 * b) / 2, tail[2], -(tail[3] >> 8), l->out_zero, l->clamp_min, l->clamp_max);
                    if (o + 1 < run) to[1] = ew_requantize((int32_t)a >> 8, tail[1], -(tail[3] & 0xff), l->out_zero, l->clamp_min, l->clamp_max);
                } else {
                    to[0] = ew_affine((uint32_t)tail[0] + (b << 8), tail[2]);
                    if (o + 1 < run) to[1] = ew_affine(a, tail[1]);
                }
            }
            s = tail + (l->exact ? 4 : 3);
        }
    }
}

static void ew_conv_dsp_widen(int8_t *widened, const int8_t *in, int32_t rows_words, int32_t step)
{
    for (int32_t rows = rows_words >> 16; rows > 0; rows--, in += step) {
        for (int32_t k = 0; k < (rows_words & 0xffff); k++, widened += 24) {
            ew_put_pair(widened, in[4 * k], in[4 * k + 2]);
            ew_put_pair(widened + 12, in[4 * k + 1], in[4 * k + 3]);
        }
    }
}

static void ew_conv_dsp_widen3(int8_t *widened, const int8_t *in, int32_t words, int32_t step)
{
    for (int32_t p = 0; p < 3; p++) ew_conv_dsp_widen(widened + 4 * p, in + p * step, 0x10000 + words, 0);
}
#endif

/* A row of kernel taps for one pixel, of which the bytes from..to lie inside the picture. */
static void ew_conv_dsp_border(const ew_conv_dsp_t *l, const int8_t *in, int8_t *widened, int32_t from, int32_t to)
{
    for (int32_t k = 0; k < 4 * l->row_words; k++) {
        const int16_t value = k >= from && k < to ? in[k] : l->in_zero;
        /* Pair 2 (k / 4) + k % 2, its half (k / 2) % 2. */
        memcpy(widened + 12 * (2 * (k >> 2) + (k & 1)) + (k & 2), &value, sizeof value);
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
    for (; rows > 0; rows--, in += step, widened += 24 * l->row_words) {
        if (from >= to) ew_conv_dsp_zeros(l, widened, 2 * l->row_words, 12);
        else if (((from | to) & 3) == 0) {
            ew_conv_dsp_zeros(l, widened, from >> 1, 12);
            ew_conv_dsp_widen(widened + 6 * from, in + from, 0x10000 | (to - from) >> 2, 0);
            ew_conv_dsp_zeros(l, widened + 6 * to, 2 * l->row_words - (to >> 1), 12);
        } else ew_conv_dsp_border(l, in, widened, from, to);
    }
}

/* The window of one pixel. */
static void ew_conv_dsp_pixel(const ew_conv_dsp_t *l, const int8_t *in, int8_t *widened, int32_t top, int32_t left)
{
    const int32_t first = ew_window_first(top, l->dilation_height);
    const int32_t end = ew_window_end(top, l->dilation_height, l->kernel_height, l->in_height);
    const int32_t row_pairs = 2 * l->row_words;

    ew_conv_dsp_zeros(l, widened, (first < l->kernel_height ? first : l->kernel_height) * row_pairs, 12);
    if (first < end) ew_conv_dsp_rows(l, in + ((top + first * l->dilation_height) * l->in_width + left) * l->in_channels, widened + 12 * first * row_pairs, end - first, left);
    if (end < l->kernel_height && first < l->kernel_height) {
        const int32_t after = end > first ? end : first;
        ew_conv_dsp_zeros(l, widened + 12 * after * row_pairs, (l->kernel_height - after) * row_pairs, 12);
    }
}

/* The windows of three pixels of one row, all their columns inside the picture. */
static void ew_conv_dsp_three(const ew_conv_dsp_t *l, const int8_t *in, int8_t *widened, int32_t top, int32_t left)
{
    const int32_t step = l->stride_width * l->in_channels;

    for (int32_t i = 0, y = top; i < l->kernel_height; i++, y += l->dilation_height, widened += 24 * l->row_words) {
        if (y < 0 || y >= l->in_height) ew_conv_dsp_zeros(l, widened, 6 * l->row_words, 4);
        else ew_conv_dsp_widen3(widened, in + (y * l->in_width + left) * l->in_channels, l->row_words, step);
    }
}

void ew_conv_dsp(const ew_conv_dsp_t *l, const int8_t *in, int8_t *out, int8_t *scratch)
{
    const int32_t pixels = l->out_height * l->out_width;
    int32_t p = 0, ox = 0, top = -l->pad_top;

    /* A window of one pixel that visits every pixel of one row. */
    if (l->in_height == 1 && l->kernel_height == 1 && l->kernel_width == 1 && l->stride_width == 1 && l->pad_left == 0 && l->in_width == pixels) {
        for (const int8_t *x = in; p + 3 <= pixels; p += 3, x += 3 * l->in_channels, out += 3 * l->out_channels) {
            ew_conv_dsp_widen3(scratch, x, l->row_words, l->in_channels);
            ew_conv_dsp_block(l, scratch, out);
        }
        ox = p;
    }
    for (; p < pixels; p += 3, out += 3 * l->out_channels) {
        const int32_t count = pixels - p < 3 ? pixels - p : 3;
        const int32_t left = ox * l->stride_width - l->pad_left;
        if (count == 3 && ox + 3 <= l->out_width && left >= 0 && left + 2 * l->stride_width + l->kernel_width <= l->in_width) {
            ew_conv_dsp_three(l, in, scratch, top, left);
            ox += 3;
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
        if (count == 3) ew_conv_dsp_block(l, scratch, out);
        else {
            /* The last pixels leave their block by way of the working memory. */
            int8_t *last = scratch + 12 * l->pair_words;
            ew_conv_dsp_block(l, scratch, last);
            memcpy(out, last, (size_t)(count * l->out_channels));
        }
    }
}
`,
};
