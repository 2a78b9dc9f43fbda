import { type Kernel, clampFields, weightFields } from "./kernel.ts";

/**
 * Dense rows: a 1x1 convolution (a row is a pixel) and a fully connected layer (one row) are the same loop.
 *
 *   out[r][o] = clamp(zero + scale(bias[o] + sum over c of in[r][c] * (w[o][c] - weight_zero)))
 *
 * int8 in, weights [out][in], int32 accumulator; the input's zero point is folded into the bias, the weights' zero
 * point, where there is one, takes one sum a row. `table_step` 0 reads one multiplier for all channels.
 */
export const dense: Kernel = {
  name: "dense",
  summary: "1x1 convolution or fully connected layer",
  fields: [
    ...weightFields,
    { type: "int32_t", name: "rows", comment: "pixels, or batch" },
    { type: "int32_t", name: "in_channels", comment: "" },
    { type: "int16_t", name: "out_channels", comment: "" },
    { type: "int8_t", name: "table_step", comment: "1: one multiplier and shift a channel; 0: one for all" },
    { type: "int8_t", name: "out_zero", comment: "zero points" },
    { type: "int8_t", name: "weight_zero", comment: "" },
    ...clampFields,
  ],
  inputs: ["in"],
  source: `
void ew_dense(const ew_dense_t *l, const int8_t *in, int8_t *out)
{
    const int32_t depth = l->in_channels;

    for (int32_t r = 0; r < l->rows; r++, in += depth) {
        const int32_t start = l->weight_zero == 0 ? 0 : -l->weight_zero * ew_sum(in, depth);
        const int8_t *weights = l->weights;
        for (int32_t o = 0; o < l->out_channels; o += 2, weights += 2 * depth) {
            const int32_t pair = o + 1 < l->out_channels; /* the last channel of an odd number stands alone */
            const int32_t t = o * l->table_step;
            const int32_t u = (o + pair) * l->table_step;
            int32_t a = l->bias[o] + start, b = l->bias[o + pair] + start;
            ew_dot_pair(in, weights, pair * depth, depth, &a, &b);
            out[0] = ew_requantize(a, l->multiplier[t], l->shift[t], l->out_zero, l->clamp_min, l->clamp_max);
            if (pair) out[1] = ew_requantize(b, l->multiplier[u], l->shift[u], l->out_zero, l->clamp_min, l->clamp_max);
            out += 1 + pair;
        }
    }
}
`,
};
