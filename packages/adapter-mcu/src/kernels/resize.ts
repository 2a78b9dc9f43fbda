import type { Kernel } from "./kernel.ts";

/**
 * Picture of another size, by the nearest element.
 *
 *   out[y][x][c] = in[rows[y] + columns[x] + c]
 *
 * The tables hold byte offsets, filled when the code is emitted: the reference finds elements in float32.
 */
export const resizeNearest: Kernel = {
  name: "resize_nearest",
  summary: "resize by the nearest element",
  fields: [
    { type: "const int32_t *", name: "rows", comment: "[out_height], bytes from the start of the input" },
    { type: "const int32_t *", name: "columns", comment: "[out_width], bytes from the start of a row" },
    { type: "int32_t", name: "out_height", comment: "" },
    { type: "int32_t", name: "out_width", comment: "" },
    { type: "int32_t", name: "channels", comment: "" },
  ],
  inputs: ["in"],
  source: `
void ew_resize_nearest(const ew_resize_nearest_t *l, const int8_t *in, int8_t *out)
{
    for (int32_t y = 0; y < l->out_height; y++) {
        for (int32_t x = 0; x < l->out_width; x++) {
            const int8_t *pixel = in + l->rows[y] + l->columns[x];
            for (int32_t c = 0; c < l->channels; c++) *out++ = pixel[c];
        }
    }
}
`,
};

/**
 * Picture of another size, by linear interpolation along both sides in fixed point.
 *
 *   p = offset + y * step in 1024ths of an input row; t = p - 1024 * top; u likewise of a column
 *   out[y][x][c] = round(sum over the four neighbours of in * (1024 - t or t) * (1024 - u or u) / 2^20), half away from zero
 *
 * Neighbours are held inside the picture. Scale and zero point stay the same. The sum is below 2^30.
 */
export const resizeBilinear: Kernel = {
  name: "resize_bilinear",
  summary: "resize by linear interpolation",
  fields: [
    { type: "int32_t", name: "row_step", comment: "input rows and columns between outputs, times 1024" },
    { type: "int32_t", name: "column_step", comment: "" },
    { type: "int32_t", name: "row_offset", comment: "where the first output lies, times 1024" },
    { type: "int32_t", name: "column_offset", comment: "" },
    { type: "int16_t", name: "in_height", comment: "input [in_height][in_width][channels]" },
    { type: "int16_t", name: "in_width", comment: "" },
    { type: "int16_t", name: "out_height", comment: "output [out_height][out_width][channels]" },
    { type: "int16_t", name: "out_width", comment: "" },
    { type: "int16_t", name: "channels", comment: "" },
  ],
  inputs: ["in"],
  source: `
/* The neighbours of a position along a side of \`count\` elements; returns how far it lies past *low, times 1024. */
static int32_t ew_neighbours(int32_t position, int32_t count, int32_t *low, int32_t *high)
{
    *low = position > 0 ? position >> 10 : 0;
    *high = (position + 1023) >> 10;
    if (*high > count - 1) *high = count - 1;
    return position - (*low << 10);
}

void ew_resize_bilinear(const ew_resize_bilinear_t *l, const int8_t *in, int8_t *out)
{
    const int32_t channels = l->channels;
    const int32_t row = l->in_width * channels;

    for (int32_t y = 0; y < l->out_height; y++) {
        int32_t top, bottom;
        const int32_t t = ew_neighbours(l->row_offset + y * l->row_step, l->in_height, &top, &bottom);
        for (int32_t x = 0; x < l->out_width; x++) {
            int32_t left, right;
            const int32_t u = ew_neighbours(l->column_offset + x * l->column_step, l->in_width, &left, &right);
            const int8_t *above = in + top * row;
            const int8_t *below = in + bottom * row;
            left *= channels;
            right *= channels;
            for (int32_t c = 0; c < channels; c++) {
                const int32_t upper = above[left + c] * (1024 - u) + above[right + c] * u;
                const int32_t lower = below[left + c] * (1024 - u) + below[right + c] * u;
                const int32_t sum = upper * (1024 - t) + lower * t;
                *out++ = (int8_t)((sum + (sum > 0 ? 1 << 19 : -(1 << 19))) / (1 << 20));
            }
        }
    }
}
`,
};
