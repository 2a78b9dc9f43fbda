/**
 * Golden bytes of TensorFlow Lite Micro's reference kernels on the MLPerf Tiny models, kept beside the corpus:
 * <name>_in<k>.bin and <name>_out<k>.bin, k = 0..7.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../scripts/toolchain.mjs";

export const sharedFolder = process.env.EDGEWISE_CORPUS === undefined ? join(root, "..", "shared") : join(process.env.EDGEWISE_CORPUS, "..");
const folder = join(sharedFolder, "mcu", "golden");

export const goldenPresent = existsSync(folder);

/** The input that measure.c makes on the device. */
export function streamInput(k, bytes) {
  let state = Math.imul(0x9e3779b9, k + 1) >>> 0;
  return Int8Array.from({ length: bytes }, () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >> 24;
  });
}

/** How many of the outputs are the golden ones. Throws where the golden input is not the stream's: nothing would be compared. */
export function matchingGolden(name, outputs) {
  const read = (port, k) => Int8Array.from(readFileSync(join(folder, `${name}_${port}${k}.bin`)));
  const equal = (a, b) => a.length === b.length && a.every((value, i) => value === b[i]);
  return outputs.filter((output, k) => {
    const input = read("in", k);
    if (!equal(input, streamInput(k, input.length))) throw new Error(`${name}_in${k}.bin is not the stream that the firmware makes`);
    return equal(output, read("out", k));
  }).length;
}
