import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { temporaryFolder, writeFiles } from "./project.ts";
import { npy } from "./npy.ts";
import { rgbPng } from "./png.ts";

/** Real models and data: EDGEWISE_CORPUS, else beside the repository. Nothing of it enters the project. */
export const corpus: string = process.env["EDGEWISE_CORPUS"] ?? join(import.meta.dirname, "../../../../../shared/corpus");

export const corpusPresent: boolean = existsSync(join(corpus, "INDEX.md"));

/** A user's project around a real model. Evaluation and calibration never share an input. */
export interface CorpusProject {
  readonly model: string;
  /** plan.yaml. */
  readonly plan: string;
  /** Top-1 of the float model as the corpus states it, and on how many inputs of the same source. */
  readonly top1: { readonly correct: number; readonly samples: number };
  /** Multiply-accumulates of one inference, batch norms folded. */
  readonly macs: number;
  /** Evaluation inputs of a quick run, and the targets whose bundles it executes. */
  readonly quickSamples: number;
  readonly quickTargets: readonly string[];
  /** Labelled inputs by path below data/eval, and unlabelled below data/calib; `count` of each, or null for all. */
  readonly evaluation: (count: number | null) => Readonly<Record<string, Uint8Array | string>>;
  readonly calibration: () => Readonly<Record<string, Uint8Array | string>>;
}

/** The project on disk with at most `count` evaluation inputs (null: all); the folder's path. */
export function writeCorpusProject(project: CorpusProject, count: number | null): string {
  const root = temporaryFolder();
  const below = (folder: string, files: Readonly<Record<string, Uint8Array | string>>): Readonly<Record<string, Uint8Array | string>> => Object.fromEntries(Object.entries(files).map(([path, content]) => [`${folder}/${path}`, content]));
  writeFiles(root, {
    "plan.yaml": project.plan, "models/model.onnx": readFileSync(join(corpus, "models", project.model)),
    ...below("data/eval", project.evaluation(count)), ...below("data/calib", project.calibration()),
  });
  return root;
}

/** `count` entries of a list, evenly spread over it. */
function spread<T>(list: readonly T[], count: number | null): readonly T[] {
  if (count === null || count >= list.length) return list;
  return Array.from({ length: count }, (_, i) => list[Math.floor(i * list.length / count)]!);
}

const CIFAR_SIDE = 32;
const CIFAR_PLANE = CIFAR_SIDE * CIFAR_SIDE;
const CIFAR_RECORD = 1 + 3 * CIFAR_PLANE;

/** CIFAR-10's records (a label byte, then planes of red, green, blue) as PNG pictures in a folder for each class. */
function cifar(file: string, count: number | null): Readonly<Record<string, Uint8Array>> {
  const bytes = readFileSync(join(corpus, "data/cifar10", file));
  const names = readFileSync(join(corpus, "data/cifar10/labels.txt"), "utf8").trim().split(/\s+/);
  const records = Array.from({ length: bytes.length / CIFAR_RECORD }, (_, i) => bytes.subarray(i * CIFAR_RECORD, (i + 1) * CIFAR_RECORD));
  return Object.fromEntries(spread(records.map((record, i) => ({ record, i })), count).map(({ record, i }) => {
    const pixels = Uint8Array.from({ length: 3 * CIFAR_PLANE }, (_, at) => record[1 + (at % 3) * CIFAR_PLANE + Math.floor(at / 3)]!);
    return [`${names[record[0]!]}/${String(i).padStart(4, "0")}.png`, rgbPng({ width: CIFAR_SIDE, height: CIFAR_SIDE }, pixels)];
  }));
}

const CALIBRATION_SAMPLES = 64;

export const resnet8: CorpusProject = {
  model: "mlperf-ic-resnet8/pretrainedResnet.onnx",
  top1: { correct: 269, samples: 300 },
  macs: 12_501_632,
  quickSamples: 80,
  quickTargets: ["board", "cloud", "page"],
  plan: `version: 1
task:
  kind: image-classification
  input: { color: rgb, filter: none, scale: 1, offset: 0 }
  output: { labels: [airplane, automobile, bird, cat, deer, dog, frog, horse, ship, truck] }
  evaluation: { data: data/eval, metric: top1 }
  calibration: { data: data/calib, samples: ${CALIBRATION_SAMPLES} }
models: [ "models/*.onnx" ]
budgets: { accuracy: ">= 60 %" }
targets:
  camera: { device: nucleo-l4r5zi, budgets: { latency: "<= 2 s", ram: "<= 64 KiB", flash: "<= 128 KiB" } }
  board: { device: raspberry-pi-5, budgets: { latency: "<= 20 ms" } }
  page: { device: browser-desktop, budgets: { latency: "<= 50 ms", bundle: "<= 200 KiB" } }
  cloud: { device: aws-c7g-large, precisions: [float32], budgets: { latency: "<= 50 ms", cost: "<= 0.01 USD/1k" } }
  cellar: { device: raspberry-pi-pico, budgets: { ram: "<= 16 KiB" } }
`,
  evaluation: (count) => cifar("cifar10-test-lossless.bin", count),
  calibration: () => cifar("cifar10-test-jpegsrc.bin", CALIBRATION_SAMPLES),
};

function pictureFiles(folder: string): readonly string[] {
  return readdirSync(join(corpus, "data", folder), { recursive: true, encoding: "utf8" }).map((file) => file.replaceAll("\\", "/")).filter((file) => /\.(png|jpe?g)$/i.test(file)).sort();
}

function filesOf(folder: string, files: readonly string[]): Readonly<Record<string, Uint8Array>> {
  return Object.fromEntries(files.map((file) => [file, readFileSync(join(corpus, "data", folder, file))]));
}

/** One file in eight calibrates, the other seven evaluate. */
const CALIBRATION_EVERY = 8;

function calibrates(_: unknown, i: number): boolean {
  return i % CALIBRATION_EVERY === 0;
}

export const visualWakeWords: CorpusProject = {
  model: "mlperf-vww-mobilenetv1/vww_96_float.onnx",
  top1: { correct: 505, samples: 600 },
  macs: 7_489_664,
  quickSamples: 80,
  quickTargets: ["board", "cloud", "phone"],
  plan: `version: 1
task:
  kind: image-classification
  input: { color: rgb, filter: none, scale: 1/255, offset: 0 }
  output: { labels: [no_person, person] }
  evaluation: { data: data/eval, metric: top1 }
  calibration: { data: data/calib, samples: ${CALIBRATION_SAMPLES} }
models: [ "models/*.onnx" ]
budgets: { accuracy: ">= 60 %" }
targets:
  doorbell: { device: nucleo-h743zi, budgets: { latency: "<= 500 ms", ram: "<= 64 KiB", flash: "<= 512 KiB" } }
  phone: { device: pixel-8, runtimes: [litert], budgets: { latency: "<= 20 ms", delegate: ">= 95 %" } }
  peephole: { device: raspberry-pi-pico, budgets: { latency: "<= 100 ms" } }
  board: { device: raspberry-pi-5, budgets: { latency: "<= 20 ms" } }
  cloud: { device: aws-c7g-large, precisions: [float32], budgets: { latency: "<= 50 ms", cost: "<= 0.01 USD/1k" } }
`,
  evaluation: (count) => filesOf("vww96", spread(pictureFiles("vww96").filter((file, i) => !calibrates(file, i)), count)),
  calibration: () => filesOf("vww96", pictureFiles("vww96").filter(calibrates)),
};

const IDX_IMAGES_HEADER = 16;
const IDX_LABELS_HEADER = 8;
const MNIST_PIXELS = 28 * 28;

function idx(file: string, header: number): Uint8Array {
  return new Uint8Array(gunzipSync(readFileSync(join(corpus, "data/mnist", file)))).subarray(header);
}

export const mnist: CorpusProject = {
  model: "mnist-cnn/mnist_cntk.onnx",
  top1: { correct: 4460, samples: 4500 },
  macs: 786_560,
  quickSamples: 300,
  quickTargets: ["cloud", "page", "pen"],
  plan: `version: 1
task:
  kind: tensor
  input: { scale: 1/255, offset: 0 }
  output: { labels: ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"], softmax: true }
  evaluation: { data: data/eval, metric: top1 }
  calibration: { data: data/calib, samples: ${CALIBRATION_SAMPLES} }
models: [ "models/*.onnx" ]
budgets: { accuracy: ">= 90 %" }
targets:
  pen: { device: raspberry-pi-pico, budgets: { latency: "<= 1 s", ram: "<= 32 KiB", flash: "<= 64 KiB" } }
  page: { device: browser-desktop, budgets: { latency: "<= 20 ms", bundle: "<= 64 KiB" } }
  cloud: { device: aws-c7g-large, precisions: [float32], budgets: { latency: "<= 50 ms" } }
`,
  evaluation: (count) => {
    const [images, labels] = [idx("test-images-idx3-ubyte.gz", IDX_IMAGES_HEADER), idx("test-labels-idx1-ubyte.gz", IDX_LABELS_HEADER)];
    const rows = spread(Array.from(labels, (_, i) => i), count);
    const x = Uint8Array.from({ length: rows.length * MNIST_PIXELS }, (_, at) => images[rows[Math.floor(at / MNIST_PIXELS)]! * MNIST_PIXELS + at % MNIST_PIXELS]!);
    return { "x.npy": npy([rows.length, 1, 28, 28], x), "y.npy": npy([rows.length], Uint8Array.from(rows, (row) => labels[row]!)) };
  },
  calibration: () => ({ "x.npy": npy([CALIBRATION_SAMPLES, 1, 28, 28], idx("calib-images-idx3-ubyte.gz", IDX_IMAGES_HEADER).subarray(0, CALIBRATION_SAMPLES * MNIST_PIXELS)) }),
};

function imagenetRows(): readonly (readonly [file: string, label: string])[] {
  return readFileSync(join(corpus, "data/imagenet-sample/labels.csv"), "utf8").trim().split(/\r?\n/).slice(1).map((line) => {
    const [file = "", label = ""] = line.split(",");
    return [file, label] as const;
  });
}

export const mobilenet: CorpusProject = {
  model: "mobilenet-imagenet/mobilenet_v1_0.25_224.derived.onnx",
  top1: { correct: 349, samples: 600 },
  macs: 41_030_272,
  quickSamples: 40,
  quickTargets: ["board", "cloud"],
  plan: `version: 1
task:
  kind: image-classification
  input: { color: rgb, crop: 224x224, filter: bilinear, fit: cover, scale: 1/127.5, offset: -1 }
  output: { labels: labels.txt, topK: 5 }
  evaluation: { data: data/eval/list.csv, metric: top1 }
  calibration: { data: data/calib, samples: ${CALIBRATION_SAMPLES} }
models: [ "models/*.onnx" ]
budgets: { accuracy: ">= 20 %" }
targets:
  camera: { device: nucleo-h743zi, budgets: { ram: "<= 512 KiB", flash: "<= 1 MiB" } }
  board: { device: raspberry-pi-5, budgets: { latency: "<= 50 ms" } }
  cloud: { device: aws-c7g-large, precisions: [float32], budgets: { latency: "<= 50 ms" } }
  badge: { device: raspberry-pi-pico }
`,
  evaluation: (count) => {
    const rows = spread(imagenetRows().filter((row, i) => !calibrates(row, i)), count);
    const names = readFileSync(join(corpus, "models/mobilenet-imagenet/imagenet_labels_1001.txt"), "utf8").trim().split(/\r?\n/).slice(1);
    return {
      ...filesOf("imagenet-sample", rows.map(([file]) => file)),
      "list.csv": `file,label\n${rows.map(([file, label]) => `${file},${label}`).join("\n")}\n`,
      "../../labels.txt": `${names.join("\n")}\n`,
    };
  },
  calibration: () => filesOf("imagenet-sample", imagenetRows().filter(calibrates).map(([file]) => file)),
};

/** Projects by what a user would call them. */
export const corpusProjects: Readonly<Record<string, CorpusProject>> = { ResNet8: resnet8, "visual wake words": visualWakeWords, "MNIST CNN": mnist, "MobileNetV1 0.25/224": mobilenet };
