import { type Kernel, clampFields, windowFields } from "./kernel.ts";

/**
 * Largest value of a window; taps outside the picture do not take part. Scale and zero point stay the same.
 *
 *   out[y][x][c] = clamp(max over (i, j) inside of in[y*sh - pt + i*dh][x*sw - pl + j*dw][c])
 */
export const maxPool: Kernel = {
  name: "max_pool",
  summary: "largest value of a window",
  fields: [
    ...windowFields,
    { type: "int16_t", name: "dilation_height", comment: "rows and columns between taps" },
    { type: "int16_t", name: "dilation_width", comment: "" },
    { type: "int16_t", name: "channels", comment: "" },
    ...clampFields,
  ],
  inputs: ["in"],
  source: `
void ew_max_pool(const ew_max_pool_t *l, const int8_t *in, int8_t *out)
{
    const int32_t column = l->dilation_width * l->channels;
    const int32_t row = l->dilation_height * l->in_width * l->channels;

    for (int32_t oy = 0; oy < l->out_height; oy++) {
        const int32_t top = oy * l->stride_height - l->pad_top;
        const int32_t first_row = ew_window_first(top, l->dilation_height);
        const int32_t rows = ew_window_end(top, l->dilation_height, l->kernel_height, l->in_height) - first_row;
        for (int32_t ox = 0; ox < l->out_width; ox++) {
            const int32_t left = ox * l->stride_width - l->pad_left;
            const int32_t first_column = ew_window_first(left, l->dilation_width);
            const int32_t columns = ew_window_end(left, l->dilation_width, l->kernel_width, l->in_width) - first_column;
            const int8_t *window = in + (top * l->in_width + left) * l->channels + first_row * row + first_column * column;
            for (int32_t c = 0; c < l->channels; c++, window++) {
                int32_t largest = INT8_MIN;
                for (int32_t i = 0; i < rows; i++) {
                    const int8_t *tap = window + i * row, *const end = tap + columns * column;
                    for (; tap != end; tap += column) if (*tap > largest) largest = *tap;
                }
                *out++ = ew_clamp(largest, l->clamp_min, l->clamp_max);
            }
        }
    }
}
`,
};

/**
 * Mean of a window, rounded half away from `-offset`. Scale and zero point stay the same.
 *
 *   out[y][x][c] = clamp(round(sum over (i, j) of (in[..][..][c] + offset) / taps) - offset)
 *
 * Offset 128 rounds halves up, as kernels of unsigned numbers do. Taps are those inside the picture; padding does not count.
 */
export const averagePool: Kernel = {
  name: "average_pool",
  summary: "mean of a window",
  fields: [
    ...windowFields,
    { type: "int16_t", name: "dilation_height", comment: "rows and columns between taps" },
    { type: "int16_t", name: "dilation_width", comment: "" },
    { type: "int16_t", name: "channels", comment: "" },
    { type: "int16_t", name: "offset", comment: "0: halves are rounded away from zero; 128: up" },
    ...clampFields,
  ],
  inputs: ["in"],
  source: `
void ew_average_pool(const ew_average_pool_t *l, const int8_t *in, int8_t *out)
{
    const int32_t column = l->dilation_width * l->channels;
    const int32_t row = l->dilation_height * l->in_width * l->channels;

    for (int32_t oy = 0; oy < l->out_height; oy++) {
        const int32_t top = oy * l->stride_height - l->pad_top;
        const int32_t first_row = ew_window_first(top, l->dilation_height);
        const int32_t rows = ew_window_end(top, l->dilation_height, l->kernel_height, l->in_height) - first_row;
        for (int32_t ox = 0; ox < l->out_width; ox++) {
            const int32_t left = ox * l->stride_width - l->pad_left;
            const int32_t first_column = ew_window_first(left, l->dilation_width);
            const int32_t columns = ew_window_end(left, l->dilation_width, l->kernel_width, l->in_width) - first_column;
            const int32_t taps = rows * columns, half = taps / 2, start = taps * l->offset;
            const int8_t *window = in + (top * l->in_width + left) * l->channels + first_row * row + first_column * column;
            int32_t c = 0;
            for (; c + 4 <= l->channels; c += 4, window += 4, out += 4) {
                int32_t sums[4] = {start, start, start, start};
                for (int32_t i = 0; i < rows; i++) {
                    const int8_t *tap = window + i * row, *const end = tap + columns * column;
                    for (; tap != end; tap += column) {
                        sums[0] += tap[0];
                        sums[1] += tap[1];
                        sums[2] += tap[2];
                        sums[3] += tap[3];
                    }
                }
                for (int32_t k = 0; k < 4; k++) out[k] = ew_clamp((sums[k] > 0 ? sums[k] + half : sums[k] - half) / taps - l->offset, l->clamp_min, l->clamp_max);
            }
            for (; c < l->channels; c++, window++) {
                int32_t sum = start;
                for (int32_t i = 0; i < rows; i++) {
                    const int8_t *tap = window + i * row, *const end = tap + columns * column;
                    for (; tap != end; tap += column) sum += *tap;
                }
                *out++ = ew_clamp((sum > 0 ? sum + half : sum - half) / taps - l->offset, l->clamp_min, l->clamp_max);
            }
        }
    }
}
`,
};

/**
 * Mean over one run of axes, to its own scale.
 *
 *   out[o][i] = clamp(zero + scale(sum over k of (in[o][k][i] - in_zero)))
 *
 * 1 / count is part of the multiplier.
 */
export const mean: Kernel = {
  name: "mean",
  summary: "mean over axes",
  fields: [
    { type: "int32_t", name: "outer", comment: "input [outer][count][inner], output [outer][inner]" },
    { type: "int32_t", name: "count", comment: "" },
    { type: "int32_t", name: "inner", comment: "" },
    { type: "int32_t", name: "offset", comment: "-(input zero point) * count" },
    { type: "int32_t", name: "multiplier", comment: "input scale / (output scale * count)" },
    { type: "int8_t", name: "shift", comment: "" },
    { type: "int8_t", name: "out_zero", comment: "zero point" },
    ...clampFields,
  ],
  inputs: ["in"],
  source: `
void ew_mean(const ew_mean_t *l, const int8_t *in, int8_t *out)
{
    for (int32_t o = 0; o < l->outer; o++, in += l->count * l->inner) {
        for (int32_t i = 0; i < l->inner; i++) {
            int32_t sum = l->offset;
            for (int32_t k = 0; k < l->count; k++) sum += in[k * l->inner + i];
            *out++ = ew_requantize(sum, l->multiplier, l->shift, l->out_zero, l->clamp_min, l->clamp_max);
        }
    }
}
`,
};
