import type { Kernel } from "../../kernels/kernel.ts";
import { THUMB_CONDITION } from "./condition.ts";
import { BOTH_LANES, convAssembly, convFields } from "./conv-assembly.ts";
import { GROUP_TAPS, LANE_OFFSET } from "./lane-stream.ts";
import { lineSource } from "./requantize.ts";

/**
 * Two-dimensional convolution and dense rows in ARMv6-M instructions, two pixels by two channels at a time. The arithmetic is
 * that of "conv", bit for bit.
 *
 * The windows of two pixels are put into the halves of words once, in working memory, and serve all output channels: a
 * product of a word and a weight is two multiply-accumulates. The sum of four such products leaves each pixel in its own 16
 * bits (see lane-stream.ts), so that a channel costs 15 instructions for eight multiply-accumulates: 2.1 for one with all that
 * the loop does beside.
 *
 *   with T the sums of four:  low += T,  high += T >> 16  ⇒  second pixel = high,  first pixel = low - high * 2^16
 */
export const convThumb: Kernel = {
  name: "conv_thumb",
  summary: "2-D convolution in blocks of two pixels by two channels",
  fields: convFields,
  inputs: ["in"],
  scratch: true,
  readAheadBytes: GROUP_TAPS - 1,
  assembly: { condition: THUMB_CONDITION, source: convAssembly, stackBytes: 84 },
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
