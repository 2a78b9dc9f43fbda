import { type Kernel, clampFields, weightFields, windowFields } from "./kernel.ts";

/**
 * Depthwise convolution: each output channel sees one input channel.
 *
 *   out[y][x][o] = clamp(zero + scale(bias[o] + sum over (i, j) of in[y*sh - pt + i*dh][x*sw - pl + j*dw][o / multiple] * (w[i][j][o] - weight_zero)))
 *
 * The input's zero point is folded into the bias; a tap outside the picture adds in_zero * (w - weight_zero). Channel o
 * of a pixel is written after the last read of its window, so with one output per input channel the output may lie over the input.
 * int8 in, weights [kh][kw][out], int32 accumulator.
 */
export const depthwise: Kernel = {
  name: "depthwise",
  summary: "depthwise convolution",
  fields: [
    ...weightFields,
    ...windowFields,
    { type: "int16_t", name: "dilation_height", comment: "rows and columns between taps" },
    { type: "int16_t", name: "dilation_width", comment: "" },
    { type: "int16_t", name: "in_channels", comment: "" },
    { type: "int16_t", name: "multiple", comment: "output channels of one input channel" },
    { type: "int8_t", name: "in_zero", comment: "zero points" },
    { type: "int8_t", name: "out_zero", comment: "" },
    { type: "int8_t", name: "weight_zero", comment: "" },
    ...clampFields,
  ],
  inputs: ["in"],
  source: `
static int32_t ew_depthwise_border(const ew_depthwise_t *l, const int8_t *in, const int8_t *weights, int32_t top, int32_t left)
{
    const int32_t channels = l->in_channels;
    const int32_t out_channels = channels * l->multiple;
    int32_t sum = 0;

    for (int32_t i = 0; i < l->kernel_height; i++) {
        const int32_t y = top + i * l->dilation_height;
        for (int32_t j = 0; j < l->kernel_width; j++, weights += out_channels) {
            const int32_t x = left + j * l->dilation_width;
            const int inside = y >= 0 && y < l->in_height && x >= 0 && x < l->in_width;
            sum += (inside ? in[(y * l->in_width + x) * channels] : l->in_zero) * (*weights - l->weight_zero);
        }
    }
    return sum;
}

static int32_t ew_depthwise_interior(const ew_depthwise_t *l, const int8_t *in, const int8_t *weights)
{
    const int32_t channels = l->in_channels;
    const int32_t out_channels = channels * l->multiple;
    const int32_t column = l->dilation_width * channels;
    const int32_t row = l->dilation_height * l->in_width * channels;
    const int32_t weight_zero = l->weight_zero;
    int32_t sum = 0;

    for (int32_t i = l->kernel_height; i > 0; i--, in += row) {
        const int8_t *x = in;
        for (int32_t j = l->kernel_width; j > 0; j--, x += column, weights += out_channels) sum += *x * (*weights - weight_zero);
    }
    return sum;
}

void ew_depthwise(const ew_depthwise_t *l, const int8_t *in, int8_t *out)
{
    const int32_t bottom_tap = (l->kernel_height - 1) * l->dilation_height;
    const int32_t right_tap = (l->kernel_width - 1) * l->dilation_width;

    for (int32_t oy = 0; oy < l->out_height; oy++) {
        const int32_t top = oy * l->stride_height - l->pad_top;
        const int rows_inside = top >= 0 && top + bottom_tap < l->in_height;
        for (int32_t ox = 0; ox < l->out_width; ox++) {
            const int32_t left = ox * l->stride_width - l->pad_left;
            const int inside = rows_inside && left >= 0 && left + right_tap < l->in_width;
            int32_t o = 0;
            for (int32_t c = 0; c < l->in_channels; c++) {
                for (int32_t m = 0; m < l->multiple; m++, o++) {
                    const int32_t sum = inside
                        ? ew_depthwise_interior(l, in + (top * l->in_width + left) * l->in_channels + c, l->weights + o)
                        : ew_depthwise_border(l, in + c, l->weights + o, top, left);
                    *out++ = ew_requantize(l->bias[o] + sum, l->multiplier[o], l->shift[o], l->out_zero, l->clamp_min, l->clamp_max);
                }
            }
        }
    }
}
`,
};
