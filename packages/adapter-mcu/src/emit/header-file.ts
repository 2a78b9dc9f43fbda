import { elementCount } from "@edgewise/graph";
import { perTensor } from "@edgewise/graph/ops";
import type { CameraMapping } from "@edgewise/preprocess";
import { axisOrder } from "../layout.ts";
import type { Port, Program } from "../program.ts";
import { inComment } from "./names.ts";

export interface HeaderParts {
  readonly program: Program;
  readonly prefix: string;
  readonly labels: readonly string[];
  /** Outputs in front of the first label. */
  readonly labelOffset: number;
  /** Null when the input is not a picture of 8-bit values. */
  readonly pixels: CameraMapping | null;
}

/** The public header: sizes, scales, and the calls. Includes nothing but <stdint.h>. */
export function renderHeader({ program, prefix, labels, labelOffset, pixels }: HeaderParts): string {
  const upper = prefix.toUpperCase();
  const input = perTensor(program.input.quant);
  const output = perTensor(program.output.quant);
  return `/*
 * ${inComment(program.name)}: an int8 network in C99. No allocation, no operating system, no floating point.
 *
 *     put ${upper}_INPUT_BYTES values into ${prefix}_input(); call ${prefix}_run(); read ${prefix}_output()
 *
 * Not reentrant: all calls share one static arena. The input's memory is used again while the network runs, so write it
 * anew for each run; the output stays until the next run starts.
 */
#ifndef ${upper}_H
#define ${upper}_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Static memory of the network, input and output included. */
#define ${upper}_ARENA_BYTES ${program.arenaBytes}

/* Input ${describe(program.input)}: real = scale * (value - zero point). */
#define ${upper}_INPUT_BYTES ${elementCount(program.input.shape)}
#define ${upper}_INPUT_SCALE ${realLiteral(input.scale)}
#define ${upper}_INPUT_ZERO_POINT (${input.zeroPoint})
int8_t *${prefix}_input(void);

/* Output ${describe(program.output)}: real = scale * (value - zero point). */
#define ${upper}_OUTPUT_BYTES ${elementCount(program.output.shape)}
#define ${upper}_OUTPUT_SCALE ${realLiteral(output.scale)}
#define ${upper}_OUTPUT_ZERO_POINT (${output.zeroPoint})
const int8_t *${prefix}_output(void);

void ${prefix}_run(void);
${renderPixels(prefix, pixels)}${renderLabels(prefix, labels, labelOffset)}
#ifdef __cplusplus
}
#endif

#endif
`;
}

/** [height][width][channels] with sizes, in the order in which the bytes lie. */
function describe(port: Port): string {
  const order = axisOrder(port.layout, port.shape);
  if (order === null) return `[${elementCount(port.shape)}]`;
  const dims = order.map((axis) => ({ size: port.shape[axis] ?? 1, name: port.shape.length === 4 ? (["batch", "channels", "rows", "columns"][axis] ?? "") : "" }));
  const shown = dims.filter(({ size, name }) => size !== 1 || name === "channels");
  const text = shown.map(({ size, name }) => (name === "" ? `[${size}]` : `[${size} ${name}]`)).join("");
  return text === "" ? "[1]" : text;
}

/** Shortest decimal of the float32 scale, as a double literal, so that no single-precision rounding is added. */
function realLiteral(value: number): string {
  const text = String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

function renderPixels(prefix: string, pixels: CameraMapping | null): string {
  if (pixels === null) return "";
  const upper = prefix.toUpperCase();
  const head = `
/* One value of an 8-bit picture, as the network takes it. `;
  if (pixels.kind === "shift") {
    return `${head}The input contract makes this exact. */
static inline int8_t ${prefix}_from_pixel(uint8_t pixel)
{
    return (int8_t)(pixel ${pixels.zeroPoint < 0 ? "-" : "+"} ${Math.abs(pixels.zeroPoint)});
}

/* A whole picture of ${upper}_INPUT_BYTES values, in the order of the input. */
static inline void ${prefix}_set_picture(const uint8_t *picture)
{
    int8_t *input = ${prefix}_input();
    for (uint32_t k = 0; k < ${upper}_INPUT_BYTES; k++) input[k] = ${prefix}_from_pixel(picture[k]);
}
`;
  }
  const tables = pictureTables(pixels.perChannel);
  return `${head}From a table: the contract's scale and offset, then the input's scale. */
extern const int8_t ${prefix}_pixel_table[${tables.length}][256];

/* A whole picture of ${upper}_INPUT_BYTES values, in the order of the input. */
static inline void ${prefix}_set_picture(const uint8_t *picture)
{
    int8_t *input = ${prefix}_input();
    for (uint32_t k = 0; k < ${upper}_INPUT_BYTES; k++) input[k] = ${prefix}_pixel_table[${tables.length === 1 ? "0" : `k % ${tables.length}u`}][picture[k]];
}
`;
}

/** One table for all channels where they are equal, else one a channel. */
export function pictureTables(perChannel: readonly Int8Array[]): readonly Int8Array[] {
  const [first] = perChannel;
  return first !== undefined && perChannel.every((table) => table.every((value, pixel) => value === first[pixel])) ? [first] : perChannel;
}

function renderLabels(prefix: string, labels: readonly string[], offset: number): string {
  if (labels.length === 0) return "";
  const upper = prefix.toUpperCase();
  const from = offset === 0 ? "" : ` + ${offset}`;
  return `
#define ${upper}_LABEL_COUNT ${labels.length}
extern const char *const ${prefix}_labels[${upper}_LABEL_COUNT];

/* Index of the label with the largest output; the first of equals. */
static inline int ${prefix}_best(void)
{
    const int8_t *scores = ${prefix}_output()${from};
    int best = 0;
    for (int k = 1; k < ${upper}_LABEL_COUNT; k++)
        if (scores[k] > scores[best]) best = k;
    return best;
}
`;
}
