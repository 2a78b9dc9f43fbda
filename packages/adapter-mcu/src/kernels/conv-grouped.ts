import { type Kernel, clampFields, weightFields, windowFields } from "./kernel.ts";

/**
 * Two-dimensional convolution in its general form: groups, and dilation along both sides.
 *
 *   out[y][x][o] = clamp(zero + scale(bias[o] + sum over (i, j, c) of in[y*sh - pt + i*dh][x*sw - pl + j*dw][g*n + c] * (w[o][i][j][c] - weight_zero)))
 *   where g = o / (out_channels / groups) and n = in_channels / groups
 *
 * Slower than "conv" and "depthwise"; for what neither of them can do. int8 in, weights [out][kh][kw][n].
 */
export const convGrouped: Kernel = {
  name: "conv_grouped",
  summary: "2-D convolution with groups or dilation",
  fields: [
    ...weightFields,
    ...windowFields,
    { type: "int16_t", name: "dilation_height", comment: "rows and columns between taps" },
    { type: "int16_t", name: "dilation_width", comment: "" },
    { type: "int16_t", name: "in_channels", comment: "" },
    { type: "int16_t", name: "out_channels", comment: "" },
    { type: "int16_t", name: "group_in", comment: "channels of one group" },
    { type: "int16_t", name: "group_out", comment: "" },
    { type: "int8_t", name: "in_zero", comment: "zero points" },
    { type: "int8_t", name: "out_zero", comment: "" },
    { type: "int8_t", name: "weight_zero", comment: "" },
    ...clampFields,
  ],
  inputs: ["in"],
  source: `
void ew_conv_grouped(const ew_conv_grouped_t *l, const int8_t *in, int8_t *out)
{
    const int32_t depth = l->group_in;

    for (int32_t oy = 0; oy < l->out_height; oy++) {
        for (int32_t ox = 0; ox < l->out_width; ox++) {
            const int8_t *weights = l->weights;
            for (int32_t o = 0; o < l->out_channels; o++) {
                const int8_t *group = in + o / l->group_out * depth;
                int32_t sum = l->bias[o];
                for (int32_t i = 0; i < l->kernel_height; i++) {
                    const int32_t y = oy * l->stride_height - l->pad_top + i * l->dilation_height;
                    for (int32_t j = 0; j < l->kernel_width; j++, weights += depth) {
                        const int32_t x = ox * l->stride_width - l->pad_left + j * l->dilation_width;
                        const int inside = y >= 0 && y < l->in_height && x >= 0 && x < l->in_width;
                        const int8_t *pixel = group + (inside ? (y * l->in_width + x) * l->in_channels : 0);
                        for (int32_t c = 0; c < depth; c++) sum += (inside ? pixel[c] : l->in_zero) * (weights[c] - l->weight_zero);
                    }
                }
                *out++ = ew_requantize(sum, l->multiplier[o], l->shift[o], l->out_zero, l->clamp_min, l->clamp_max);
            }
        }
    }
}
`,
};
