import type { Kernel } from "./kernel.ts";

/** The smaller of two activations: stored numbers of one scale and zero point keep the order of the reals. */
export const minimum: Kernel = extremum("minimum", "<");

/** The larger of two activations. */
export const maximum: Kernel = extremum("maximum", ">");

/**
 * Element-wise comparison of two activations of one scale and zero point.
 *
 *   out[k] = a[k] wins b[k mod period] ? a[k] : b[k mod period]
 *
 * `period` as in "add". May run in place of a; of b when period = count.
 */
function extremum(name: "minimum" | "maximum", wins: "<" | ">"): Kernel {
  return {
    name,
    summary: `element-wise ${name}`,
    fields: [
      { type: "const int8_t *", name: "constant", comment: "second operand when it is a constant, else NULL" },
      { type: "int32_t", name: "count", comment: "elements of a" },
      { type: "int32_t", name: "period", comment: "elements of b" },
    ],
    inputs: ["a", "b"],
    source: `
void ew_${name}(const ew_${name}_t *l, const int8_t *a, const int8_t *b, int8_t *out)
{
    const int8_t *second = l->constant ? l->constant : b;
    int32_t j = 0;

    for (int32_t k = 0; k < l->count; k++) {
        out[k] = a[k] ${wins} second[j] ? a[k] : second[j];
        if (++j == l->period) j = 0;
    }
}
`,
  };
}
