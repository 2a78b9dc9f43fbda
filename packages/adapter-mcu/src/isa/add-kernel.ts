import type { Kernel } from "../kernels/kernel.ts";

/**
 * Sum or difference of two activations with their own scales, as one line of both.
 *
 *   out[k] = clamp((a_factor * a[k] + b_factor * b[k] + start) >> shift)
 *
 * The line equals "add" for every pair of int8 values: that is proved when it is chosen. Partial sums may leave 32 bits, the
 * whole never does. May run in place of a and of b.
 */
export const addLinear: Kernel = {
  name: "add_linear",
  summary: "element-wise sum or difference as a line",
  fields: [
    { type: "int32_t", name: "count", comment: "elements" },
    { type: "int32_t", name: "a_factor", comment: "a scale / output scale * 2^shift" },
    { type: "int32_t", name: "b_factor", comment: "" },
    { type: "int32_t", name: "start", comment: "zero points and rounding" },
    { type: "int32_t", name: "shift", comment: "" },
  ],
  inputs: ["a", "b"],
  source: `
void ew_add_linear(const ew_add_linear_t *l, const int8_t *a, const int8_t *b, int8_t *out)
{
    const uint32_t a_factor = (uint32_t)l->a_factor, b_factor = (uint32_t)l->b_factor, start = (uint32_t)l->start;
    const int32_t shift = l->shift;
    const int8_t *const end = a + l->count;

    while (a != end) {
        const uint32_t sum = (uint32_t)*a++ * a_factor + (uint32_t)*b++ * b_factor + start;
        *out++ = ew_clamp((int32_t)sum >> shift, INT8_MIN, INT8_MAX);
    }
}
`,
};
