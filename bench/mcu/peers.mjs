/** TFLM with CMSIS-NN on the same four models, measured the same way: columns of baseline.csv beside the golden bytes. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { sharedFolder } from "./golden.mjs";

const file = join(sharedFolder, "mcu", "baseline.csv");
/** Only int8 kernels registered, the peer's own release optimisation. */
const STACK = "TFLM-cmsis-int8reg";
const OPTIMIZATION = "O2";

/** The peer's row for a model and core; null where it was not measured. */
export function peerOf(model, core) {
  if (!existsSync(file)) return null;
  const [head, ...lines] = readFileSync(file, "utf8").trim().split("\n").map((line) => line.split(","));
  const rows = lines.map((cells) => Object.fromEntries(head.map((name, i) => [name, cells[i]])));
  const row = rows.find((each) => each.stack === STACK && each.model === model && each.core === core && each.opt === OPTIMIZATION);
  if (row === undefined) return null;
  return {
    source: "TFLM + CMSIS-NN, measured the same way", flashBytes: Number(row.flash_total),
    ramBytes: Number(row.ram_arena) + Number(row.ram_static) + Number(row.stack_bytes), instructions: Number(row.instructions_per_inference),
  };
}
