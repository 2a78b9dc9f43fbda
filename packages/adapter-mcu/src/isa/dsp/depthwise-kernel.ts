import { type Field, type Kernel, clampFields } from "../../kernels/kernel.ts";
import { DSP_CONDITION } from "./condition.ts";
import { type Epilogue, depthwiseAssembly, depthwiseStackBytes } from "./depthwise-assembly.ts";

const fields: readonly Field[] = [
  { type: "const int32_t *", name: "stream", comment: "per channel: weights of a column in a word, start, requantization" },
  { type: "int16_t", name: "in_height", comment: "input [in_height][in_width][channels]" },
  { type: "int16_t", name: "in_width", comment: "" },
  { type: "int16_t", name: "out_height", comment: "output [out_height][out_width][channels]" },
  { type: "int16_t", name: "out_width", comment: "" },
  { type: "int16_t", name: "pad_top", comment: "rows of padding above, columns to the left" },
  { type: "int16_t", name: "pad_left", comment: "" },
  { type: "int16_t", name: "channels", comment: "" },
  { type: "int16_t", name: "stride", comment: "1 or 2" },
  { type: "int16_t", name: "columns", comment: "that the outputs of a row see, padding included" },
  { type: "int16_t", name: "pairs", comment: "of rows in working memory: 8 or 2" },
  { type: "int8_t", name: "in_zero", comment: "zero point" },
];

/** Words of a channel: three of weights, the start of its sums, its multiplier; with both roundings its right shift. */
export const channelWords: Readonly<Record<Epilogue, number>> = { affine: 5, exact: 6 };

/** C of the kernel called `name`. */
function sourceOf(name: string, epilogue: Epilogue): string {
  const exact = epilogue === "exact";
  const words = channelWords[epilogue];
  return `#include <string.h>

/* One call's work: up to four channels of one step or seven. */
typedef struct {
    const int32_t *stream;
    const int8_t *pairs; /* [columns][4 channels][pairs of rows] words of two int16; a step reads two pairs */
    int8_t *out;
    int32_t below;       /* bytes from an output to the one in the row below; 0: there is no row below */
    int32_t counter;     /* ((outputs of a row + 1) / 2 - 1) << 16 | bytes of a pixel */
    int32_t steps;
    int32_t channels;
    int32_t kind;        /* 1: a row has an odd number of outputs; 2: stride 2; 4: a column keeps two pairs */
    int32_t rewind;      /* from behind a row's columns to the next step's first */
    int32_t place;       /* bytes of a channel's pairs in a column */${exact ? `
    int32_t zero;
    uint32_t clamp_min, clamp_max; /* in each byte */` : ""}
} ew_depthwise_band_t;

typedef struct {
    const int8_t *upper, *lower;
    int32_t upper_step, lower_step; /* bytes to the next pixel; 0 in a row of padding */
} ew_depthwise_rows_t;

#if ${DSP_CONDITION}
void ew_${name}_channels(const ew_depthwise_band_t *band);
void ew_${name}_pack(int8_t *to, int32_t pairs, const ew_depthwise_rows_t *rows, int32_t count);
void ew_${name}_carry(int8_t *scratch, int32_t pairs, int32_t count, int32_t from);
#else
static int32_t ew_half(const int8_t *at)
{
    int16_t half;
    memcpy(&half, at, sizeof half);
    return half;
}

static void ew_${name}_channels(const ew_depthwise_band_t *band)
{
    const int32_t width = 2 * ((band->counter >> 16) + 1) - (band->kind & 1), pixel = band->counter & 0xffff;
    const int32_t stride = (band->kind >> 1 & 1) + 1, pairs = band->place / 4;
    const int32_t rows = stride == 1 ? 2 : 1;

    for (int32_t c = 0; c < band->channels; c++) {
        const int32_t *s = band->stream + ${words} * c;
        for (int32_t i = 0; i < band->steps * rows * width; i++) {
            const int32_t step = i / (rows * width), row = i / width % rows, x = i % width;
            uint32_t sum = (uint32_t)s[3];
            if (row > 0 && band->below == 0) continue;
            for (int32_t j = 0; j < 3; j++) {
                const int8_t *tap = band->pairs + 4 * (4 * (x * stride + j) + c) * pairs + 4 * step + 2 * row;
                const uint32_t w = (uint32_t)s[j];
                sum += (uint32_t)(ew_half(tap) * (int8_t)(w & 255) * 256);
                sum += (uint32_t)(ew_half(tap + 2) * (int8_t)(w >> 8 & 255) * 256);
                sum += (uint32_t)(ew_half(tap + 4) * (int8_t)(w >> 24) * 256);
            }
            band->out[c + i * pixel] = ${exact
    ? "ew_requantize((int32_t)sum >> 8, s[4], -s[5], band->zero, (int8_t)(band->clamp_min & 255), (int8_t)(band->clamp_max & 255))"
    : "ew_clamp((int32_t)((((int64_t)(int32_t)sum * s[4]) >> 32) - 131072) >> 10, -128, 127)"};
        }
    }
}

static void ew_${name}_pack(int8_t *to, int32_t pairs, const ew_depthwise_rows_t *rows, int32_t count)
{
    for (int32_t x = 0; x < count; x++) {
        for (int32_t c = 0; c < 4; c++, to += 4 * pairs) {
            const int16_t pair[2] = {rows->upper[x * rows->upper_step + c], rows->lower[x * rows->lower_step + c]};
            memcpy(to, pair, sizeof pair);
        }
    }
}

static void ew_${name}_carry(int8_t *scratch, int32_t pairs, int32_t count, int32_t from)
{
    for (int32_t k = 0; k < 4 * count; k++, scratch += 4 * pairs) memcpy(scratch, scratch + from, 4);
}
#endif

/* Columns of padding: nothing overwrites them. */
static void ew_${name}_sides(const ew_${name}_t *l, int8_t *scratch, const ew_depthwise_rows_t *padding)
{
    const int32_t right = l->pad_left + l->in_width;

    for (int32_t pair = 0; pair < l->pairs; pair++, scratch += 4) {
        if (l->pad_left > 0) ew_${name}_pack(scratch, l->pairs, padding, l->pad_left);
        if (right < l->columns) ew_${name}_pack(scratch + 16 * l->pairs * right, l->pairs, padding, l->columns - right);
    }
}

void ew_${name}(const ew_${name}_t *l, const int8_t *in, int8_t *out, int8_t *scratch)
{
    const int8_t zeros[4] = {l->in_zero, l->in_zero, l->in_zero, l->in_zero};
    const ew_depthwise_rows_t padding = {zeros, zeros, 0, 0};
    const int32_t row = l->out_width * l->channels; /* bytes of outputs */
    const int32_t rows = l->stride == 1 ? 2 : 1; /* of outputs, a step */
    const int32_t height = l->in_height, channels = l->channels, pairs = l->pairs, row_bytes = l->in_width * l->channels;
    const int32_t inside = l->columns - l->pad_left < l->in_width ? l->columns - l->pad_left : l->in_width;
    int8_t *const first = scratch + 16 * pairs * l->pad_left;
    ew_depthwise_band_t band = {
        l->stream, scratch, out, row, ((l->out_width + 1) / 2 - 1) * 0x10000 + l->channels, 0, 4,
        (l->out_width & 1) + 2 * (l->stride - 1) + (l->pairs == 2 ? 4 : 0), 4 - 16 * l->pairs * l->stride * l->out_width, 4 * l->pairs,${exact ? `
        l->out_zero, (uint8_t)l->clamp_min * 0x01010101u, (uint8_t)l->clamp_max * 0x01010101u,` : ""}
    };

    ew_${name}_sides(l, scratch, &padding);
    for (int32_t c = 0; c < channels; c += 4, in += 4, band.stream += ${4 * words}) {
        int32_t y = -l->pad_top;
        band.channels = channels - c < 4 ? channels - c : 4;
        band.out = out + c;
        band.steps = 0;
        for (int32_t left = l->out_height; left > 0; left -= rows * band.steps) {
            /* Pair 0 comes from the steps before, and from the picture at its top. */
            int32_t pair = y == -l->pad_top ? 0 : 1;
            if (pair > 0) ew_${name}_carry(scratch, pairs, l->columns, 4 * band.steps);
            band.steps = left < rows ? 1 : left / rows < pairs - 1 ? left / rows : pairs - 1;
            band.below = left < rows ? 0 : row;
            for (; pair <= band.steps; pair++, y += 2) {
                ew_depthwise_rows_t two = padding;
                if (y >= 0 && y < height) {
                    two.upper = in + y * row_bytes;
                    two.upper_step = channels;
                }
                if (y + 1 >= 0 && y + 1 < height) {
                    two.lower = in + (y + 1) * row_bytes;
                    two.lower_step = channels;
                }
                ew_${name}_pack(first + 4 * pair, pairs, &two, inside);
            }
            ew_${name}_channels(&band);
            band.out += rows * band.steps * row;
        }
    }
}
`;
}

/**
 * Depthwise 3x3 convolution with the dual multiply-accumulate of the DSP extension, strides 1 and 2, one output a channel.
 * The arithmetic is that of "depthwise", bit for bit: in its affine form (see requantization.ts), or with both
 * roundings and the clamp of the reference. Each form is a kernel, since most networks need only one.
 *
 * Works on four channels at a time, down the picture. A step needs two pairs of input rows, packed into int16 halves in
 * working memory; with stride 1 it gives two output rows by six MACs an output, with stride 2 one row. The last pair of
 * one call is the first of the next, and is carried over, so that an output may replace the input it was made from.
 */
function depthwiseKernel(name: "depthwise_dsp" | "depthwise_exact_dsp", epilogue: Epilogue): Kernel {
  return {
    name,
    summary: `depthwise 3x3 convolution on pairs of rows, ${epilogue === "affine" ? "affine epilogue" : "both roundings"}`,
    fields: epilogue === "affine" ? fields : [...fields, { type: "int8_t", name: "out_zero", comment: "" }, ...clampFields],
    inputs: ["in"],
    scratch: true,
    readAheadBytes: 3,
    assembly: { condition: DSP_CONDITION, source: depthwiseAssembly(name, epilogue), stackBytes: depthwiseStackBytes(epilogue) },
    source: sourceOf(name, epilogue),
  };
}

export const depthwiseDsp: Kernel = depthwiseKernel("depthwise_dsp", "affine");
export const depthwiseExactDsp: Kernel = depthwiseKernel("depthwise_exact_dsp", "exact");
