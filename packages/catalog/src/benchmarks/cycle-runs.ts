/** The four reference networks of MLPerf Tiny. */
export type Network = "kws" | "ic" | "vww" | "ad";
export const networks: readonly Network[] = ["kws", "ic", "vww", "ad"];

export type Core = "cortex-m4" | "cortex-m7" | "cortex-m33";

/** One engine on one board. Milliseconds of one inference. */
export interface CycleRun {
  readonly engine: string;
  readonly core: Core;
  readonly board: string;
  readonly clockHz: number;
  readonly ref: string;
  readonly ms: Readonly<Record<Network, number>>;
}

/** Read on this day. */
export const runsReadOn = "2026-11-22";

/** Instructions of one inference of TensorFlow Lite Micro with CMSIS-NN (gcc 12.2.1, -O2, Cortex-M4): exact counts in QEMU. */
export const cmsisNnInstructions: Readonly<Record<Network, number>> = { kws: 7697258, ic: 29863097, vww: 24101542, ad: 582896 };

/** Weights, biases and requantization tables, bytes. */
export const constantBytes: Readonly<Record<Network, number>> = { kws: 27308, ic: 80474, vww: 232754, ad: 270930 };

function results(round: string, submitter: string): string {
  return `https://github.com/mlcommons/tiny_results_${round}/tree/main/closed/${submitter}`;
}

/** MLPerf Tiny's closed division, int8 on Cortex-M4, M7 and M33 without accelerators; a result sent in twice stands once. */
export const cycleRuns: readonly CycleRun[] = [
  { engine: "HALE 1.0", core: "cortex-m33", board: "NUCLEO-U575ZI-Q", clockHz: 160e6, ref: results("v1.1", "bosch"), ms: { kws: 39.7362, ic: 117.744, vww: 114.745, ad: 3.80238 } },
  { engine: "HALE 1.0", core: "cortex-m4", board: "NUCLEO-L4R5ZI", clockHz: 120e6, ref: results("v1.1", "bosch"), ms: { kws: 62.6802, ic: 179.019, vww: 180.734, ad: 5.65934 } },
  { engine: "HALE 1.0", core: "cortex-m7", board: "DISCO-F746NG", clockHz: 216e6, ref: results("v1.1", "bosch"), ms: { kws: 18.4186, ic: 61.5688, vww: 57.1755, ad: 1.70261 } },
  { engine: "HALE 1.0", core: "cortex-m7", board: "NUCLEO-H7A3ZI", clockHz: 280e6, ref: results("v1.1", "bosch"), ms: { kws: 14.7154, ic: 46.8318, vww: 43.6567, ad: 1.35633 } },
  { engine: "HALE 1.0.175", core: "cortex-m33", board: "NUCLEO-U575ZI-Q", clockHz: 160e6, ref: results("v1.2", "bosch"), ms: { kws: 38.5832, ic: 120.54, vww: 119.832, ad: 3.80431 } },
  { engine: "HALE 1.0.175", core: "cortex-m4", board: "NUCLEO-L4R5ZI", clockHz: 120e6, ref: results("v1.2", "bosch"), ms: { kws: 60.1576, ic: 180.538, vww: 180.505, ad: 5.83516 } },
  { engine: "HALE 1.0.175", core: "cortex-m7", board: "DISCO-F746NG", clockHz: 216e6, ref: results("v1.2", "bosch"), ms: { kws: 18.9588, ic: 62.5547, vww: 57.2475, ad: 1.71122 } },
  { engine: "HALE 1.0.175", core: "cortex-m7", board: "NUCLEO-H7A3ZI", clockHz: 280e6, ref: results("v1.2", "bosch"), ms: { kws: 14.688, ic: 45.8484, vww: 43.7637, ad: 1.35941 } },
  { engine: "ONNC+CMSIS-NN", core: "cortex-m4", board: "NUCLEO-L4R5ZI", clockHz: 120e6, ref: results("v1.1", "Skymizer"), ms: { kws: 82.0008, ic: 298.686, vww: 172.176, ad: 8.07265 } },
  { engine: "ONNC+CMSIS-NN on Zephyr", core: "cortex-m4", board: "NUMAKER_M467HJ", clockHz: 200e6, ref: results("v1.1", "Nuvoton"), ms: { kws: 46.1851, ic: 171.438, vww: 98.7264, ad: 4.88675 } },
  { engine: "ONNC+CMSIS-NN on Zephyr", core: "cortex-m4", board: "NUCLEO-L4R5ZI", clockHz: 120e6, ref: results("v1.1", "Skymizer"), ms: { kws: 93.6417, ic: 296.56, vww: 197.785, ad: 8.00602 } },
  { engine: "Plumerai v0.7", core: "cortex-m4", board: "NUCLEO-L4R5ZI", clockHz: 120e6, ref: results("v0.7", "plumerai"), ms: { kws: 73.5456, ic: 184.638, vww: 220.41, ad: 5.89522 } },
  { engine: "Plumerai v0.7", core: "cortex-m7", board: "DISCO-F746NG", clockHz: 216e6, ref: results("v0.7", "plumerai"), ms: { kws: 19.5545, ic: 65.1508, vww: 59.3965, ad: 2.42274 } },
  { engine: "Plumerai v1.0", core: "cortex-m33", board: "B_U585I_IOT02A", clockHz: 160e6, ref: results("v1.0", "plumerai"), ms: { kws: 35.4371, ic: 107.055, vww: 107.043, ad: 4.85138 } },
  { engine: "Plumerai v1.0", core: "cortex-m4", board: "NUCLEO-L4R5ZI", clockHz: 120e6, ref: results("v1.0", "plumerai"), ms: { kws: 71.6589, ic: 173.16, vww: 208.551, ad: 5.57265 } },
  { engine: "Plumerai v1.0", core: "cortex-m7", board: "DISCO-F746NG", clockHz: 216e6, ref: results("v1.0", "plumerai"), ms: { kws: 19.1248, ic: 64.7668, vww: 57.0288, ad: 2.29494 } },
  { engine: "Plumerai v1.1", core: "cortex-m33", board: "NUCLEO-U575ZI-Q", clockHz: 160e6, ref: results("v1.1", "plumerai"), ms: { kws: 30.0427, ic: 104.286, vww: 59.4919, ad: 3.67192 } },
  { engine: "Plumerai v1.1", core: "cortex-m4", board: "NUCLEO-L4R5ZI", clockHz: 120e6, ref: results("v1.1", "plumerai"), ms: { kws: 47.7806, ic: 167.757, vww: 98.7557, ad: 4.05163 } },
  { engine: "Plumerai v1.1", core: "cortex-m7", board: "DISCO-F746NG", clockHz: 216e6, ref: results("v1.1", "plumerai"), ms: { kws: 17.7491, ic: 62.8773, vww: 34.0797, ad: 1.70881 } },
  { engine: "Plumerai v1.1", core: "cortex-m7", board: "NUCLEO-H7A3ZI-Q", clockHz: 280e6, ref: results("v1.1", "plumerai"), ms: { kws: 13.8617, ic: 50.9269, vww: 26.8168, ad: 1.34771 } },
  { engine: "X-CUBE-AI 10.2", core: "cortex-m33", board: "NUCLEO-U385RG-Q", clockHz: 96e6, ref: results("v1.3", "STMicroelectronics"), ms: { kws: 48.3022, ic: 182.448, vww: 98.7362, ad: 5.40976 } },
  { engine: "X-CUBE-AI 10.2", core: "cortex-m33", board: "NUCLEO-U575ZI-Q", clockHz: 160e6, ref: results("v1.3", "STMicroelectronics"), ms: { kws: 28.9948, ic: 109.493, vww: 59.2663, ad: 3.20946 } },
  { engine: "X-CUBE-AI 10.2", core: "cortex-m4", board: "NUCLEO-L4R5ZI-P", clockHz: 120e6, ref: results("v1.3", "STMicroelectronics"), ms: { kws: 43.4179, ic: 165.673, vww: 89.4374, ad: 4.79368 } },
  { engine: "X-CUBE-AI 7.1.0", core: "cortex-m33", board: "NUCLEO-U575ZI-Q", clockHz: 160e6, ref: results("v0.7", "STMicroelectronics"), ms: { kws: 54.8125, ic: 158.128, vww: 151.63, ad: 5.7281 } },
  { engine: "X-CUBE-AI 7.1.0", core: "cortex-m4", board: "NUCLEO-L4R5ZI", clockHz: 120e6, ref: results("v0.7", "STMicroelectronics"), ms: { kws: 97.6467, ic: 252.781, vww: 254.647, ad: 9.66557 } },
  { engine: "X-CUBE-AI 7.1.0", core: "cortex-m7", board: "NUCLEO-H7A3ZI-Q", clockHz: 280e6, ref: results("v0.7", "STMicroelectronics"), ms: { kws: 22.2901, ic: 70.3631, vww: 64.3791, ad: 2.28129 } },
  { engine: "X-CUBE-AI 7.3.0", core: "cortex-m33", board: "NUCLEO-U575ZI-Q", clockHz: 160e6, ref: results("v1.0", "STMicroelectronics"), ms: { kws: 44.2321, ic: 139.704, vww: 133.404, ad: 4.8494 } },
  { engine: "X-CUBE-AI 7.3.0", core: "cortex-m4", board: "NUCLEO-L4R5ZI", clockHz: 120e6, ref: results("v1.0", "STMicroelectronics"), ms: { kws: 75.0582, ic: 226.912, vww: 230.468, ad: 7.57863 } },
  { engine: "X-CUBE-AI 7.3.0", core: "cortex-m7", board: "NUCLEO-H7A3ZI-Q", clockHz: 280e6, ref: results("v1.0", "STMicroelectronics"), ms: { kws: 16.7597, ic: 54.3449, vww: 50.7048, ad: 1.8258 } },
  { engine: "X-CUBE-AI 8.1.0", core: "cortex-m33", board: "NUCLEO-U575ZI-Q", clockHz: 160e6, ref: results("v1.1", "STMicroelectronics"), ms: { kws: 38.5802, ic: 128.205, vww: 71.5615, ad: 4.84987 } },
  { engine: "X-CUBE-AI 8.1.0", core: "cortex-m4", board: "NUCLEO-L4R5ZI", clockHz: 120e6, ref: results("v1.1", "STMicroelectronics"), ms: { kws: 62.8733, ic: 213.995, vww: 118.694, ad: 6.85735 } },
  { engine: "X-CUBE-AI 8.1.0", core: "cortex-m7", board: "NUCLEO-H7A3ZI-Q", clockHz: 280e6, ref: results("v1.1", "STMicroelectronics"), ms: { kws: 15.3532, ic: 51.9481, vww: 29.6288, ad: 1.81827 } },
  { engine: "X-CUBE-AI 9.0", core: "cortex-m33", board: "NUCLEO-U575ZI-Q", clockHz: 160e6, ref: results("v1.2", "STMicroelectronics"), ms: { kws: 29.0563, ic: 111.074, vww: 59.2768, ad: 3.42948 } },
  { engine: "X-CUBE-AI 9.0", core: "cortex-m4", board: "NUCLEO-L4R5ZI", clockHz: 120e6, ref: results("v1.2", "STMicroelectronics"), ms: { kws: 43.1872, ic: 165.125, vww: 88.9284, ad: 5.26078 } },
  { engine: "X-CUBE-AI 9.0", core: "cortex-m7", board: "NUCLEO-H7A3ZI-Q", clockHz: 280e6, ref: results("v1.2", "STMicroelectronics"), ms: { kws: 11.3179, ic: 40.8447, vww: 23.8044, ad: 1.22548 } },
  { engine: "microTVM+CMSIS-NN", core: "cortex-m4", board: "NUCLEO-L4R5ZI", clockHz: 120e6, ref: results("v1.0", "OctoML"), ms: { kws: 99.8104, ic: 389.56, vww: 301.205, ad: 8.60496 } },
];
