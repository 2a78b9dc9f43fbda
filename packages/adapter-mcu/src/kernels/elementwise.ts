import { type Kernel, clampFields } from "./kernel.ts";

/**
 * Sum or difference of two activations with their own scales.
 *
 *   out[k] = clamp(zero + scale(scale1(a[k] - a_zero << 20) + scale2(b[k mod period] - b_zero << 20)))
 *
 * Both inputs are brought to twice the larger scale with 20 bits of headroom (TFLite's Add). A difference has a
 * negative sign. `period` elements of b repeat along a: equal to count, the channels of a pixel, or one. May run in place of
 * a; of b when period = count.
 */
export const add: Kernel = {
  name: "add",
  summary: "element-wise sum or difference",
  fields: [
    { type: "const int8_t *", name: "constant", comment: "second operand when it is a constant, else NULL" },
    { type: "int32_t", name: "count", comment: "elements of a" },
    { type: "int32_t", name: "period", comment: "elements of b" },
    { type: "int32_t", name: "a_multiplier", comment: "a scale / (2 * larger scale)" },
    { type: "int32_t", name: "b_multiplier", comment: "" },
    { type: "int32_t", name: "out_multiplier", comment: "2 * larger scale / (2^20 * output scale)" },
    { type: "int8_t", name: "a_shift", comment: "" },
    { type: "int8_t", name: "b_shift", comment: "" },
    { type: "int8_t", name: "out_shift", comment: "" },
    { type: "int8_t", name: "a_zero", comment: "zero points" },
    { type: "int8_t", name: "b_zero", comment: "" },
    { type: "int8_t", name: "out_zero", comment: "" },
    { type: "int8_t", name: "a_sign", comment: "1, or -1 for what is subtracted" },
    { type: "int8_t", name: "b_sign", comment: "" },
    ...clampFields,
  ],
  inputs: ["a", "b"],
  source: `
void ew_add(const ew_add_t *l, const int8_t *a, const int8_t *b, int8_t *out)
{
    const int8_t *second = l->constant ? l->constant : b;
    int32_t j = 0;

    for (int32_t k = 0; k < l->count; k++) {
        const int32_t x = ew_scale((a[k] - l->a_zero) * (1 << 20), l->a_multiplier, l->a_shift);
        const int32_t y = ew_scale((second[j] - l->b_zero) * (1 << 20), l->b_multiplier, l->b_shift);
        out[k] = ew_requantize(l->a_sign * x + l->b_sign * y, l->out_multiplier, l->out_shift, l->out_zero, l->clamp_min, l->clamp_max);
        if (++j == l->period) j = 0;
    }
}
`,
};

/**
 * Product of two activations.
 *
 *   out[k] = clamp(zero + scale((a[k] - a_zero) * (b[k mod period] - b_zero)))
 *
 * `period` as in "add".
 */
export const mul: Kernel = {
  name: "mul",
  summary: "element-wise product",
  fields: [
    { type: "const int8_t *", name: "constant", comment: "second operand when it is a constant, else NULL" },
    { type: "int32_t", name: "count", comment: "elements of a" },
    { type: "int32_t", name: "period", comment: "elements of b" },
    { type: "int32_t", name: "multiplier", comment: "a scale * b scale / output scale" },
    { type: "int8_t", name: "shift", comment: "" },
    { type: "int8_t", name: "a_zero", comment: "zero points" },
    { type: "int8_t", name: "b_zero", comment: "" },
    { type: "int8_t", name: "out_zero", comment: "" },
    ...clampFields,
  ],
  inputs: ["a", "b"],
  source: `
void ew_mul(const ew_mul_t *l, const int8_t *a, const int8_t *b, int8_t *out)
{
    const int8_t *second = l->constant ? l->constant : b;
    int32_t j = 0;

    for (int32_t k = 0; k < l->count; k++) {
        const int32_t product = (a[k] - l->a_zero) * (second[j] - l->b_zero);
        out[k] = ew_requantize(product, l->multiplier, l->shift, l->out_zero, l->clamp_min, l->clamp_max);
        if (++j == l->period) j = 0;
    }
}
`,
};

/**
 * Rectifier with a slope that varies (PReLU).
 *
 *   x >= 0   out[k] = clamp(zero + scale(x))             x = a[k] - a_zero
 *   else     out[k] = clamp(zero + scale(x * (b[k mod period] - b_zero)))
 *
 * `period` as in "add".
 */
export const prelu: Kernel = {
  name: "prelu",
  summary: "rectifier with a slope for each channel",
  fields: [
    { type: "const int8_t *", name: "constant", comment: "slopes when they are constant, else NULL" },
    { type: "int32_t", name: "count", comment: "elements of a" },
    { type: "int32_t", name: "period", comment: "slopes" },
    { type: "int32_t", name: "above_multiplier", comment: "a scale / output scale" },
    { type: "int32_t", name: "below_multiplier", comment: "a scale * slope scale / output scale" },
    { type: "int8_t", name: "above_shift", comment: "" },
    { type: "int8_t", name: "below_shift", comment: "" },
    { type: "int8_t", name: "a_zero", comment: "zero points" },
    { type: "int8_t", name: "b_zero", comment: "" },
    { type: "int8_t", name: "out_zero", comment: "" },
  ],
  inputs: ["a", "b"],
  source: `
void ew_prelu(const ew_prelu_t *l, const int8_t *a, const int8_t *b, int8_t *out)
{
    const int8_t *slopes = l->constant ? l->constant : b;
    int32_t j = 0;

    for (int32_t k = 0; k < l->count; k++) {
        const int32_t x = a[k] - l->a_zero;
        const int32_t y = x >= 0
            ? ew_scale(x, l->above_multiplier, l->above_shift)
            : ew_scale(x * (slopes[j] - l->b_zero), l->below_multiplier, l->below_shift);
        out[k] = ew_clamp(y + l->out_zero, INT8_MIN, INT8_MAX);
        if (++j == l->period) j = 0;
    }
}
`,
};

/**
 * Any function of one int8 activation: it has 256 values, so it is a table, filled when the code is emitted from the
 * reference arithmetic. Serves Relu, Clip, LeakyRelu, Elu, Sigmoid, HardSwish, changes of scale, and whatever else maps one
 * element to one element.
 *
 *   out[k] = table[in[k] + 128]
 */
export const lookup: Kernel = {
  name: "lookup",
  summary: "element-wise function of one input",
  fields: [
    { type: "const int8_t *", name: "table", comment: "result for -128 .. 127" },
    { type: "int32_t", name: "count", comment: "elements" },
  ],
  inputs: ["in"],
  source: `
void ew_lookup(const ew_lookup_t *l, const int8_t *in, int8_t *out)
{
    for (int32_t k = 0; k < l->count; k++) out[k] = l->table[in[k] + 128];
}
`,
};
