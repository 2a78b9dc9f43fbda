import { type Kernel, clampFields, windowFields } from "./kernel.ts";

/**
 * Transposed two-dimensional convolution, gathered: each output element asks which taps reach it.
 *
 *   out[y][x][o] = clamp(zero + scale(bias[o] + sum over (i, j, c) of (in[v][u][c] - in_zero) * w[o][i][j][c]))
 *   where v * sh = y + pt - i*dh and u * sw = x + pl - j*dw, for whole v and u inside the input
 *
 * Of the taps along a side only every `tap_step`-th meets an input element, and each one lies `in_step` elements before
 * the last: the first is searched once a row and once a pixel, and no loop divides. Accumulates in registers, so no int32
 * picture is needed. int8 in, weights [out][kh][kw][in], int32 accumulator.
 */
export const convTranspose: Kernel = {
  name: "conv_transpose",
  summary: "transposed 2-D convolution",
  fields: [
    { type: "const int8_t *", name: "weights", comment: "" },
    { type: "const int32_t *", name: "bias", comment: "" },
    { type: "const int32_t *", name: "multiplier", comment: "input scale * weight scale / output scale = multiplier * 2^(shift - 31)" },
    { type: "const int8_t *", name: "shift", comment: "" },
    ...windowFields,
    { type: "int16_t", name: "dilation_height", comment: "rows and columns between taps" },
    { type: "int16_t", name: "dilation_width", comment: "" },
    { type: "int16_t", name: "tap_step_height", comment: "stride / gcd(stride, dilation): taps from one that meets the input to the next" },
    { type: "int16_t", name: "tap_step_width", comment: "" },
    { type: "int16_t", name: "in_step_height", comment: "dilation / gcd(stride, dilation): input rows and columns that go with it" },
    { type: "int16_t", name: "in_step_width", comment: "" },
    { type: "int16_t", name: "in_channels", comment: "" },
    { type: "int16_t", name: "out_channels", comment: "" },
    { type: "int8_t", name: "in_zero", comment: "zero points" },
    { type: "int8_t", name: "out_zero", comment: "" },
    ...clampFields,
  ],
  inputs: ["in"],
  source: `
/* First tap that meets an input element, and that element's row or column in *at; \`taps\` when there is none. */
static int32_t ew_first_tap(int32_t position, int32_t stride, int32_t dilation, int32_t taps, int32_t *at)
{
    for (int32_t i = 0; i < taps; i++, position -= dilation) {
        if (position % stride == 0) {
            *at = position / stride;
            return i;
        }
    }
    *at = 0;
    return taps;
}

void ew_conv_transpose(const ew_conv_transpose_t *l, const int8_t *in, int8_t *out)
{
    const int32_t depth = l->in_channels;
    const int32_t taps = l->kernel_height * l->kernel_width;

    for (int32_t oy = 0; oy < l->out_height; oy++) {
        int32_t bottom;
        const int32_t first_i = ew_first_tap(oy + l->pad_top, l->stride_height, l->dilation_height, l->kernel_height, &bottom);
        for (int32_t ox = 0; ox < l->out_width; ox++) {
            int32_t right;
            const int32_t first_j = ew_first_tap(ox + l->pad_left, l->stride_width, l->dilation_width, l->kernel_width, &right);
            const int8_t *filter = l->weights;
            for (int32_t o = 0; o < l->out_channels; o++, filter += taps * depth) {
                int32_t sum = l->bias[o];
                int32_t y = bottom;
                for (int32_t i = first_i; i < l->kernel_height; i += l->tap_step_height, y -= l->in_step_height) {
                    if (y < 0 || y >= l->in_height) continue;
                    int32_t x = right;
                    for (int32_t j = first_j; j < l->kernel_width; j += l->tap_step_width, x -= l->in_step_width) {
                        if (x < 0 || x >= l->in_width) continue;
                        const int8_t *pixel = in + (y * l->in_width + x) * depth;
                        const int8_t *weights = filter + (i * l->kernel_width + j) * depth;
                        for (int32_t c = 0; c < depth; c++) sum += (pixel[c] - l->in_zero) * weights[c];
                    }
                }
                *out++ = ew_requantize(sum, l->multiplier[o], l->shift[o], l->out_zero, l->clamp_min, l->clamp_max);
            }
        }
    }
}
`,
};
