/**
 * The four int8 models of MLPerf Tiny, the golden bytes that belong to each, and the row that its build must meet.
 *
 * Limits in bytes and instructions: RAM and flash of the Cortex-M4 build.
 * Bounds: what no int8 code of this shape can go below. ramBytes: the largest layer with its result in place, rows not
 * streamed, no stack; flashBytes: one byte a weight, 4 a bias, 5 a multiplier and shift (by channel, by layer in ad);
 * instructions on M4: two multiply-accumulates each, nothing else. Channels that are never anything but one value are not
 * counted (vww: 3,727,313 of 7,489,664 multiply-accumulates and 29,066 of 208,112 weights are left).
 */
export const models = {
  kws: {
    file: "mlperf-kws-dscnn/kws_ref_model_int8.tflite", golden: "kws_ref_model",
    bound: { ramBytes: 8_490, flashBytes: 27_308, instructions: 1_328_384 },
    limits: { ramBytes: 10_500, flashBytes: 38_000, instructions: { m4: 2_800_000, m0plus: 16_000_000 } },
  },
  ic: {
    file: "mlperf-ic-resnet8/pretrainedResnet_int8.tflite", golden: "pretrainedResnet_quant",
    bound: { ramBytes: 33_312, flashBytes: 80_474, instructions: 6_250_816 },
    limits: { ramBytes: 36_500, flashBytes: 96_000, instructions: { m4: 12_000_000, m0plus: 60_000_000 } },
  },
  vww: {
    file: "mlperf-vww-mobilenetv1/vww_96_int8.tflite", golden: "vww_96_int8",
    bound: { ramBytes: 36_880, flashBytes: 38_192, instructions: 1_863_657 },
    limits: { ramBytes: 40_000, flashBytes: 64_000, instructions: { m4: 5_500_000, m0plus: 32_000_000 } },
  },
  ad: {
    file: "mlperf-ad-autoencoder/ad01_int8.tflite", golden: "ad01_int8",
    bound: { ramBytes: 768, flashBytes: 270_930, instructions: 132_096 },
    limits: { ramBytes: 2_100, flashBytes: 280_000, instructions: { m4: 290_000, m0plus: 1_200_000 } },
  },
};

/** Device whose plan gives the bundle for a core. */
export const deviceOf = { m0plus: "raspberry-pi-pico", m3: "raspberry-pi-pico", m4: "nucleo-l4r5zi", m7: "nucleo-h743zi", m33: "nucleo-l4r5zi", m55: "nucleo-l4r5zi" };
