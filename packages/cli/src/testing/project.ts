import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll } from "vitest";
import { labelledSamples } from "./samples.ts";
import { tinyModels } from "./tiny-models.ts";

/** Files by path relative to the project; null leaves out one that the tiny project has. */
export type Files = Readonly<Record<string, Uint8Array | string | null>>;

export const planText = `version: 1
task:
  kind: image-classification
  input: { color: gray, filter: bilinear, fit: stretch, scale: 1/255, offset: 0 }
  output: { softmax: true, topK: 1 }
  evaluation: { data: data/eval, metric: top1 }
  calibration: { data: data/calib, samples: 16 }
models: [ "models/*.onnx" ]
budgets: { accuracy: ">= 80 %" }
targets:
  gateway: { device: raspberry-pi-5, budgets: { latency: "<= 100 ms" } }
  meter: { device: raspberry-pi-pico, budgets: { ram: "<= 100 KiB", flash: "<= 500 KiB" } }
`;

const SAMPLES_PER_CLASS = 60;
const CALIBRATION_PER_CLASS = 8;

const folders: string[] = [];

/** An empty folder that goes when the test file is done. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "edgewise-cli-"));
  folders.push(folder);
  return folder;
}

afterAll(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

export function writeFiles(root: string, files: Files): void {
  for (const [path, content] of Object.entries(files)) {
    if (content === null) continue;
    const at = join(root, ...path.split("/"));
    mkdirSync(dirname(at), { recursive: true });
    writeFileSync(at, content);
  }
}

/** A plan, two models of one task (one right, one blind), labelled data: everything `plan make` needs, in kilobytes. */
export function tinyProject(): Files {
  const below = (folder: string, count: number): Files => Object.fromEntries(Object.entries(labelledSamples(count)).map(([path, bytes]) => [`${folder}/${path}`, bytes]));
  return {
    "plan.yaml": planText, "models/good.onnx": tinyModels.good(), "models/blind.onnx": tinyModels.blind(),
    ...below("data/eval", SAMPLES_PER_CLASS), ...below("data/calib", CALIBRATION_PER_CLASS),
  };
}

/** The tiny project on disk, with `changes` over it; the folder's path. */
export function makeProject(changes: Files = {}): string {
  const root = temporaryFolder();
  writeFiles(root, { ...tinyProject(), ...changes });
  return root;
}
