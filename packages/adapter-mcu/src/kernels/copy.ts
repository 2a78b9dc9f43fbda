import type { Kernel } from "./kernel.ts";

/**
 * Strided copy of up to four axes: concatenation, slices, transposition, padding's inside and broadcasting.
 *
 *   out[a*oa + b*ob + c*oc + d*od] = in[start + a*ia + b*ib + c*ic + d*id]
 *
 * Strides are in bytes and may be 0 or negative.
 */
export const copy: Kernel = {
  name: "copy",
  summary: "strided copy",
  fields: [
    { type: "const int8_t *", name: "constant", comment: "source when it is a constant, else NULL" },
    { type: "int32_t", name: "start", comment: "first byte read" },
    ...["a", "b", "c", "d"].flatMap((axis) => [
      { type: "int32_t" as const, name: `n_${axis}`, comment: axis === "a" ? "per axis, outermost first: elements, input stride, output stride" : "" },
      { type: "int32_t" as const, name: `in_${axis}`, comment: "" },
      { type: "int32_t" as const, name: `out_${axis}`, comment: "" },
    ]),
  ],
  inputs: ["in"],
  source: `
void ew_copy(const ew_copy_t *l, const int8_t *in, int8_t *out)
{
    const int8_t *source = (l->constant ? l->constant : in) + l->start;

    for (int32_t a = 0; a < l->n_a; a++) {
        for (int32_t b = 0; b < l->n_b; b++) {
            for (int32_t c = 0; c < l->n_c; c++) {
                const int8_t *from = source + a * l->in_a + b * l->in_b + c * l->in_c;
                int8_t *to = out + a * l->out_a + b * l->out_b + c * l->out_c;
                for (int32_t d = 0; d < l->n_d; d++) to[d * l->out_d] = from[d * l->in_d];
            }
        }
    }
}
`,
};

/** One value everywhere: the border of a padded picture, before its inside is copied. */
export const fill: Kernel = {
  name: "fill",
  summary: "fill with one value",
  fields: [
    { type: "int32_t", name: "count", comment: "bytes" },
    { type: "int8_t", name: "value", comment: "" },
  ],
  inputs: [],
  source: `
void ew_fill(const ew_fill_t *l, int8_t *out)
{
    for (int32_t k = 0; k < l->count; k++) out[k] = l->value;
}
`,
};
