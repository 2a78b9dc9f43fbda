import type { Kernel } from "./kernel.ts";

/**
 * Softmax over rows, in TFLite's fixed point; output scale 1/256, zero point -128.
 *
 *   e[c] = exp(beta * scale * (in[c] - max)), Q0.31, from a table over the 256 possible differences
 *   out[c] = round(256 * e[c] / sum of e) - 128
 *
 * The sum is Q12.19; its reciprocal comes from three Newton steps on x = 48/17 - 32/17 d, d in [1/2, 1], in Q2.29.
 * May run in place. Source: gemmlowp fixedpoint.h (one_over_one_plus_x_for_x_in_0_1), TFLite reference/softmax.h.
 */
export const softmax: Kernel = {
  name: "softmax",
  summary: "softmax over rows",
  fields: [
    { type: "const int32_t *", name: "exponential", comment: "exp of difference 0, -1 .. -255 in Q0.31; 0 where it vanishes" },
    { type: "int32_t", name: "rows", comment: "input and output [rows][classes]" },
    { type: "int32_t", name: "classes", comment: "" },
  ],
  inputs: ["in"],
  source: `
/* 2^31 / (1 + x) for x in [0, 1), both Q0.31. */
static int32_t ew_softmax_reciprocal(int32_t x)
{
    const int32_t denominator = (int32_t)(((int64_t)x + INT32_MAX + 1) / 2); /* (1 + x) / 2, Q0.31 */
    int32_t guess = 1515870810 + ew_high_product(denominator, -1010580540);  /* 48/17 - 32/17 d, Q2.29 */

    for (int step = 0; step < 3; step++) {
        const int32_t error = (1 << 29) - ew_high_product(denominator, guess);
        guess += ew_shift_left(ew_high_product(guess, error), 2);
    }
    return ew_shift_left(guess, 1);
}

void ew_softmax(const ew_softmax_t *l, const int8_t *in, int8_t *out)
{
    for (int32_t r = 0; r < l->rows; r++, in += l->classes, out += l->classes) {
        int32_t largest = INT8_MIN;
        int32_t sum = 0; /* Q12.19 */
        int headroom = 1;

        for (int32_t c = 0; c < l->classes; c++)
            if (in[c] > largest) largest = in[c];
        for (int32_t c = 0; c < l->classes; c++) sum += ew_round_shift(l->exponential[largest - in[c]], 12);
        while (headroom < 31 && !((uint32_t)sum << headroom >> 31)) headroom++;

        const int32_t scale = ew_softmax_reciprocal((int32_t)(((uint32_t)sum << headroom) - 0x80000000u));
        const int bits = 12 - headroom + 23; /* past 31, from 512 equal shares on, every share rounds to 0 */
        for (int32_t c = 0; c < l->classes; c++) {
            const int32_t share = ew_high_product(scale, l->exponential[largest - in[c]]);
            out[c] = ew_clamp((bits > 31 ? 0 : ew_round_shift(share, bits)) - 128, INT8_MIN, INT8_MAX);
        }
    }
}
`,
};
