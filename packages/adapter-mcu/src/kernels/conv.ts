import { type Kernel, clampFields, weightFields, windowFields } from "./kernel.ts";

/**
 * Two-dimensional convolution over all input channels, no dilation along the width.
 *
 *   out[y][x][o] = clamp(zero + scale(bias[o] + sum over (i, j, c) of in[y*sh - pt + i*dh][x*sw - pl + j][c] * (w[o][i][j][c] - weight_zero)))
 *
 * The input's zero point is folded into the bias, so a tap outside the picture, which stands for real 0, adds
 * in_zero * (w - weight_zero). Taps of one kernel row inside the picture are neighbours in both arrays: one dot product a
 * row, for two output channels at a time. The weights' zero point, where there is one, takes one sum a pixel.
 * int8 in, weights [out][kh][kw][in], int32 accumulator.
 */
export const conv: Kernel = {
  name: "conv",
  summary: "2-D convolution",
  fields: [
    ...weightFields,
    ...windowFields,
    { type: "int16_t", name: "dilation_height", comment: "rows between taps" },
    { type: "int16_t", name: "in_channels", comment: "" },
    { type: "int16_t", name: "out_channels", comment: "" },
    { type: "int8_t", name: "in_zero", comment: "zero points" },
    { type: "int8_t", name: "out_zero", comment: "" },
    { type: "int8_t", name: "weight_zero", comment: "" },
    ...clampFields,
  ],
  inputs: ["in"],
  source: `
/* Sum of a window's inputs: the columns first .. last of each row inside the picture, in_zero everywhere else. */
static int32_t ew_conv_window(const ew_conv_t *l, const int8_t *in, int32_t top, int32_t first, int32_t last)
{
    const int32_t channels = l->in_channels;
    int32_t sum = 0;
    int32_t padding = l->kernel_height * l->kernel_width * channels;

    for (int32_t i = 0; i < l->kernel_height; i++) {
        const int32_t y = top + i * l->dilation_height;
        if (y < 0 || y >= l->in_height || first >= last) continue;
        sum += ew_sum(in + (y * l->in_width * channels + first), last - first);
        padding -= last - first;
    }
    return sum + padding * l->in_zero;
}

void ew_conv(const ew_conv_t *l, const int8_t *in, int8_t *out)
{
    const int32_t channels = l->in_channels;
    const int32_t row = l->in_width * channels;            /* bytes of an input row */
    const int32_t kernel_row = l->kernel_width * channels; /* weights of a kernel row */
    const int32_t filter = l->kernel_height * kernel_row;  /* weights of an output channel */

    for (int32_t oy = 0; oy < l->out_height; oy++) {
        const int32_t top = oy * l->stride_height - l->pad_top;
        for (int32_t ox = 0; ox < l->out_width; ox++) {
            const int32_t left = ox * l->stride_width - l->pad_left;
            /* Weights of a kernel row before, and up to the end of, the columns inside the picture. */
            const int32_t first = left < 0 ? -left * channels : 0;
            const int32_t last = left + l->kernel_width > l->in_width ? (l->in_width - left) * channels : kernel_row;
            const int32_t start = l->weight_zero == 0 ? 0 : -l->weight_zero * ew_conv_window(l, in + left * channels, top, first, last);
            const int8_t *weights = l->weights;
            for (int32_t o = 0; o < l->out_channels; o += 2, weights += filter) {
                const int32_t pair = o + 1 < l->out_channels; /* the last channel of an odd number stands alone */
                const int32_t next = pair * filter;
                int32_t a = l->bias[o] + start, b = l->bias[o + pair] + start;
                int32_t y = top;
                for (int32_t i = 0; i < l->kernel_height; i++, y += l->dilation_height, weights += kernel_row) {
                    const int inside = y >= 0 && y < l->in_height && first < last;
                    const int32_t from = inside ? first : kernel_row;
                    const int32_t to = inside ? last : kernel_row;
                    if (inside) ew_dot_pair(in + (y * row + left * channels + from), weights + from, next, to - from, &a, &b);
                    if (from > 0) {
                        a += l->in_zero * ew_sum(weights, from);
                        b += l->in_zero * ew_sum(weights + next, from);
                    }
                    if (to < kernel_row) {
                        a += l->in_zero * ew_sum(weights + to, kernel_row - to);
                        b += l->in_zero * ew_sum(weights + next + to, kernel_row - to);
                    }
                }
                out[0] = ew_requantize(a, l->multiplier[o], l->shift[o], l->out_zero, l->clamp_min, l->clamp_max);
                if (pair) out[1] = ew_requantize(b, l->multiplier[o + 1], l->shift[o + 1], l->out_zero, l->clamp_min, l->clamp_max);
                out += 1 + pair;
            }
        }
    }
}
`,
};
