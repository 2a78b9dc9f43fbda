import { type Field, type Kernel, clampFields, fieldOffsets, windowFields } from "../../kernels/kernel.ts";
import { THUMB_CONDITION } from "./condition.ts";
import { highProduct, line, lineSource, roundedShift, saturate, splitMultiplier } from "./requantize.ts";

const fields: readonly Field[] = [
  { type: "const int8_t *", name: "weights", comment: "" },
  { type: "const int32_t *", name: "requantization", comment: "per channel: start and multiplier of its line; or 2^5 * bias + right shift, multiplier" },
  { type: "int32_t", name: "channels", comment: "" },
  { type: "int32_t", name: "taps", comment: "kernel_height * kernel_width" },
  ...windowFields,
  { type: "int16_t", name: "dilation_height", comment: "rows and columns between taps" },
  { type: "int16_t", name: "dilation_width", comment: "" },
  { type: "int8_t", name: "product_shift", comment: "of the channels' lines; 0: the reference's two roundings" },
  { type: "int8_t", name: "result_shift", comment: "" },
  { type: "int8_t", name: "in_zero", comment: "zero points" },
  { type: "int8_t", name: "out_zero", comment: "" },
  ...clampFields,
];

/** Pairs of taps that one turn of the inner loop takes, and the bytes of one's code. */
const UNROLL = 4;
const PAIR_CODE_BYTES = 18;

const pair = `
    ldmia   r5!, {r0-r3}
    ldrsb   r0, [r0, r6]
    ldrsb   r1, [r1, r7]
    muls    r0, r1
    adds    r4, r4, r0
    ldrsb   r2, [r2, r6]
    ldrsb   r3, [r3, r7]
    muls    r2, r3
    adds    r4, r4, r2`;

const lineRegisters = { sum: "r4", upper: "r5", lower: "r1", start: "r0", productShift: "r2", resultShift: "[sp, #F_RESULT_SHIFT]", mid: "r3" };

const assembly = `
${fieldOffsets(fields, "EW_DEPTHWISE")}

/* void ew_depthwise_thumb_pixel(const ew_depthwise_thumb_t *l, const int8_t *in, int8_t *out, const int32_t *table)
 *
 * All channels of one pixel. table: [taps][place of the input, of the weight].
 *   r0-r3  places, then bytes    r4  sum    r5  table    r6  in + channel    r7  weights + channel
 *   r8  requantization           r9, r10  where a channel starts, and its pairs of taps
 *   r11  out - in                r12  end of r6               lr  end of the table
 * Frame: */
    .equ F_TABLE, 0
    .equ F_ZERO, 4
    .equ F_MIN, 8
    .equ F_MAX, 12
    .equ F_PRODUCT_SHIFT, 16
    .equ F_RESULT_SHIFT, 20
    .equ FRAME, 24

    .section .text.ew_depthwise_thumb_pixel, "ax", %progbits
    .align  2
    .global ew_depthwise_thumb_pixel
    .type   ew_depthwise_thumb_pixel, %function
    .thumb_func
ew_depthwise_thumb_pixel:
    push    {r4-r7, lr}
    mov     r4, r8
    mov     r5, r9
    mov     r6, r10
    mov     r7, r11
    push    {r4-r7}
    sub     sp, #FRAME
    str     r3, [sp, #F_TABLE]
    movs    r4, #EW_DEPTHWISE_out_zero
    ldrsb   r4, [r0, r4]
    str     r4, [sp, #F_ZERO]
    movs    r4, #EW_DEPTHWISE_clamp_min
    ldrsb   r4, [r0, r4]
    str     r4, [sp, #F_MIN]
    movs    r4, #EW_DEPTHWISE_clamp_max
    ldrsb   r4, [r0, r4]
    str     r4, [sp, #F_MAX]
    movs    r4, #EW_DEPTHWISE_product_shift
    ldrsb   r4, [r0, r4]
    str     r4, [sp, #F_PRODUCT_SHIFT]
    movs    r4, #EW_DEPTHWISE_result_shift
    ldrsb   r4, [r0, r4]
    str     r4, [sp, #F_RESULT_SHIFT]
    movs    r6, r1
    subs    r2, r2, r1
    mov     r11, r2
    ldr     r4, [r0, #EW_DEPTHWISE_channels]
    adds    r4, r4, r1
    mov     r12, r4
    ldr     r7, [r0, #EW_DEPTHWISE_weights]
    ldr     r4, [r0, #EW_DEPTHWISE_requantization]
    mov     r8, r4
    ldr     r4, [r0, #EW_DEPTHWISE_taps]
    lsls    r5, r4, #3
    adds    r5, r5, r3
    mov     lr, r5
    /* The first turn of the loop takes what is no whole turn. */
    lsrs    r5, r4, #1
    subs    r5, #1
    movs    r1, #${UNROLL - 1}
    bics    r1, r5
    movs    r5, #${PAIR_CODE_BYTES}
    muls    r1, r5
    adr     r5, .Lpairs
    adds    r1, r1, r5
    mov     r10, r1
    lsls    r4, r4, #31
    beq     .Leven
    adr     r1, .Lsingle
.Leven:
    mov     r9, r1

.Lchannel:
    ldr     r5, [sp, #F_TABLE]
    movs    r4, #0
    mov     pc, r9
    .align  2
.Lsingle:
    ldmia   r5!, {r0, r1}
    ldrsb   r4, [r0, r6]
    ldrsb   r1, [r1, r7]
    muls    r4, r1
    mov     pc, r10
    .align  2
.Lpairs:${pair.repeat(UNROLL)}
    cmp     r5, lr
    bne     .Lpairs

    mov     r3, r8
    ldmia   r3!, {r0, r1}
    mov     r8, r3
    ldr     r2, [sp, #F_PRODUCT_SHIFT]
    cmp     r2, #0
    beq     .Lexact${splitMultiplier(lineRegisters)}${line(lineRegisters)}${saturate("r4", "r3", ".Lstore")}
    mov     r2, r11
    strb    r4, [r2, r6]
    adds    r7, #1
    adds    r6, #1
    cmp     r6, r12
    bne     .Lchannel
    add     sp, #FRAME
    pop     {r4-r7}
    mov     r8, r4
    mov     r9, r5
    mov     r10, r6
    mov     r11, r7
    pop     {r4-r7, pc}

.Lexact:
    asrs    r2, r0, #5
    adds    r4, r4, r2
    lsrs    r5, r1, #16
    uxth    r1, r1${highProduct({ sum: "r4", upper: "r5", lower: "r1", free: ["r2", "r3"] })}
    lsls    r0, r0, #27
    lsrs    r0, r0, #27${roundedShift({ sum: "r4", shift: "r0", zero: "[sp, #F_ZERO]", mid: "r2" })}
    ldr     r2, [sp, #F_MIN]
    cmp     r4, r2
    ble     .Lclamped
    ldr     r2, [sp, #F_MAX]
    cmp     r4, r2
    bge     .Lclamped
    b       .Lstore
.Lclamped:
    movs    r4, r2
    b       .Lstore
    .size   ew_depthwise_thumb_pixel, . - ew_depthwise_thumb_pixel
`;

/**
 * Depthwise convolution with one output per input channel, in ARMv6-M instructions. The arithmetic is that of "depthwise",
 * bit for bit.
 *
 * A table of a pixel says where each tap's inputs and weights start; a tap outside the picture starts in a line of zero
 * points. All channels run through the same table: 4.5 instructions for a multiply-accumulate. Channel o of a pixel is
 * written after the last read of its window, so the output may lie over the input.
 */
export const depthwiseThumb: Kernel = {
  name: "depthwise_thumb",
  summary: "depthwise convolution along a table of taps",
  fields,
  inputs: ["in"],
  scratch: true,
  assembly: { condition: THUMB_CONDITION, source: assembly, stackBytes: 60 },
  source: `#include <string.h>

#if ${THUMB_CONDITION}
void ew_depthwise_thumb_pixel(const ew_depthwise_thumb_t *l, const int8_t *in, int8_t *out, const int32_t *table);
#else
${lineSource.trim()}

static void ew_depthwise_thumb_pixel(const ew_depthwise_thumb_t *l, const int8_t *in, int8_t *out, const int32_t *table)
{
    for (int32_t c = 0; c < l->channels; c++) {
        const int32_t start = l->requantization[2 * c], multiplier = l->requantization[2 * c + 1];
        int32_t sum = 0;
        for (int32_t k = 0; k < l->taps; k++) sum += in[table[2 * k] + c] * l->weights[table[2 * k + 1] + c];
        out[c] = l->product_shift > 0 ? ew_line((uint32_t)sum, multiplier, (uint32_t)start, l->product_shift, l->result_shift)
            : ew_requantize(sum + (start >> 5), multiplier, -(start & 31), l->out_zero, l->clamp_min, l->clamp_max);
    }
}
#endif

/* Where each tap's inputs start when the window does at top, left. */
static void ew_depthwise_thumb_window(const ew_depthwise_thumb_t *l, int32_t *table, int32_t top, int32_t left, int32_t outside)
{
    for (int32_t i = l->kernel_height, y = top; i > 0; i--, y += l->dilation_height) {
        for (int32_t j = l->kernel_width, x = left; j > 0; j--, x += l->dilation_width, table += 2) {
            const int inside = y >= 0 && y < l->in_height && x >= 0 && x < l->in_width;
            *table = inside ? (y * l->in_width + x) * l->channels : outside;
        }
    }
}

void ew_depthwise_thumb(const ew_depthwise_thumb_t *l, const int8_t *in, int8_t *out, int8_t *scratch)
{
    int32_t *table = (int32_t *)(void *)scratch;
    const int32_t channels = l->channels, taps = l->taps;
    const int32_t step = l->stride_width * channels;
    const int32_t reach = (l->kernel_width - 1) * l->dilation_width;
    int8_t *line = scratch + 8 * taps;
    const int32_t outside = (int32_t)(line - in);

    memset(line, l->in_zero, (size_t)channels);
    for (int32_t k = 0; k < taps; k++) table[2 * k + 1] = k * channels;
    for (int32_t oy = 0, top = -l->pad_top; oy < l->out_height; oy++, top += l->stride_height) {
        int known = 0;
        for (int32_t ox = 0, left = -l->pad_left; ox < l->out_width; ox++, left += l->stride_width, out += channels) {
            const int inside = left >= 0 && left + reach < l->in_width;
            if (inside && known) {
                /* The last window, one step further. */
                for (int32_t k = 0; k < 2 * taps; k += 2) if (table[k] != outside) table[k] += step;
            } else ew_depthwise_thumb_window(l, table, top, left, outside);
            known = inside;
            ew_depthwise_thumb_pixel(l, in, out, table);
        }
    }
}
`,
};
