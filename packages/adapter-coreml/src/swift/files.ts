import { type BundleFile, textFile } from "@edgewise/adapter";
import type { Candidate, TaskContract } from "@edgewise/planner/schema";
import type { Ports } from "../ports.ts";
import type { DeploymentTarget } from "../targets.ts";
import { answerSource } from "./answer.ts";
import { type BenchmarkFacts, benchmarkAppSource, benchmarkMainSource, benchmarkSource } from "./benchmark.ts";
import { errorsSource } from "./errors.ts";
import { goldenSource } from "./golden.ts";
import { modelSource, modelType, pictureFromImageSource } from "./model.ts";
import { benchmarkModule, swiftModule } from "./names.ts";
import { packageSource } from "./package.ts";
import { pixelBufferSource } from "./pixel-buffer.ts";
import { type ImageShape, pictureSource } from "./picture.ts";
import { resizeSource } from "./resize.ts";
import { selfTestMainSource, selfTestSource } from "./selftest.ts";
import { valuesTensorSource } from "./tensor.ts";

export interface SwiftFacts {
  readonly candidate: Candidate;
  readonly contract: TaskContract;
  readonly ports: Ports;
  /** Names of the model's input and output features. */
  readonly names: { readonly input: string; readonly output: string };
  readonly deployment: DeploymentTarget;
  /** As MLComputeUnits spells them: "cpuOnly". */
  readonly units: string;
  readonly benchmark: Pick<BenchmarkFacts, "model" | "hasGolden" | "macs">;
}

/** Folder of the library's sources; the model lies in it as a resource. */
export function libraryFolder(target: string): string {
  return `Sources/${swiftModule(target)}`;
}

/** Folder of the self-test and benchmark; the golden vectors lie in it as resources. */
export function benchmarkFolder(target: string): string {
  return `Sources/${benchmarkModule(target)}`;
}

/** The Swift package but for the model and the vectors: library, self-test, benchmark. */
export function swiftFiles(facts: SwiftFacts): readonly BundleFile[] {
  const { candidate, contract, ports, names, deployment, units, benchmark } = facts;
  const { target } = candidate;
  const modules = { model: swiftModule(target), benchmark: benchmarkModule(target) };
  const type = modelType(contract);
  const source = (folder: string) => (name: string, text: string): BundleFile => textFile(`${folder}/${name}.swift`, text);
  const [library, tests] = [source(libraryFolder(target)), source(benchmarkFolder(target))];
  return [
    textFile("Package.swift", packageSource(target, { deployment, hasGolden: benchmark.hasGolden })),
    library("ModelError", errorsSource),
    ...contractSources({ target, contract, shape: ports.input.shape, size: sizeOf(contract.input, ports.input.shape) }),
    library(type, modelSource({ contract, ports, names, units })),
    tests("Golden", goldenSource(modules.model, contract)),
    tests("SelfTest", selfTestSource(modules.model, contract)),
    tests("Benchmark", benchmarkSource(modules.model, { candidate, contract, input: ports.input, ...benchmark })),
    textFile("Sources/selftest/main.swift", selfTestMainSource(modules, contract)),
    textFile("Sources/benchmark/main.swift", benchmarkMainSource(modules, type)),
    textFile("App/BenchmarkApp.swift", benchmarkAppSource(modules.benchmark)),
  ];
}

export interface ContractFacts {
  readonly target: string;
  readonly contract: TaskContract;
  /** Of the input, where it is an array. */
  readonly shape: readonly number[] | null;
  /** Of the picture, where it is one. */
  readonly size: { readonly heightPx: number; readonly widthPx: number } | null;
}

/** The Swift files that follow from the contract and the input's size alone: preprocessing and answers. */
export function contractSources({ target, contract: { input, output }, shape, size }: ContractFacts): readonly BundleFile[] {
  const source = (name: string, text: string): BundleFile => textFile(`${libraryFolder(target)}/${name}.swift`, text);
  const answers = output.kind === "labels" ? [source("Answer", answerSource(output))] : [];
  if (input.kind === "tensor") return [source("Tensor", valuesTensorSource(input, shape ?? [])), ...answers];
  const picture: ImageShape = { contract: input, channels: input.color === "gray" ? 1 : 3, heightPx: size?.heightPx ?? 0, widthPx: size?.widthPx ?? 0 };
  return [source("Picture", pictureSource(picture)), source("PictureFromImage", pictureFromImageSource), source("Resize", resizeSource(picture)), source("PixelBuffer", pixelBufferSource(picture)), ...answers];
}

function sizeOf(input: TaskContract["input"], [, a = 1, b = 1, c = 1]: readonly number[]): ContractFacts["size"] {
  if (input.kind !== "image") return null;
  return input.layout === "nchw" ? { heightPx: b, widthPx: c } : { heightPx: a, widthPx: b };
}
