import type { DeploymentTarget } from "../targets.ts";
import { benchmarkModule, swiftModule, swiftString } from "./names.ts";

/**
 * Oldest systems of the Swift package. A model for iOS 15 is served from iOS 16 on, where compiling a model no longer
 * blocks its thread. Source: developer.apple.com/documentation/coreml/mlmodel/compilemodel(at:)-6442s
 */
const platforms: Readonly<Record<DeploymentTarget, string>> = {
  iOS15: ".iOS(.v16), .macOS(.v13)", iOS16: ".iOS(.v16), .macOS(.v13)", iOS17: ".iOS(.v17), .macOS(.v14)", iOS18: ".iOS(.v18), .macOS(.v15)",
};

/** Package.swift: the library, golden vectors with the benchmark, and two command-line tools; nothing is fetched. */
export function packageSource(target: string, about: { readonly deployment: DeploymentTarget; readonly hasGolden: boolean }): string {
  const [model, benchmark] = [swiftString(swiftModule(target)), swiftString(benchmarkModule(target))];
  return `// swift-tools-version:6.0
import PackageDescription

let package = Package(
  name: ${model},
  platforms: [${platforms[about.deployment]}],
  products: [
    .library(name: ${model}, targets: [${model}]),
    .library(name: ${benchmark}, targets: [${benchmark}]),
  ],
  targets: [
    .target(name: ${model}, resources: [.copy("model.mlpackage")]),
    .target(name: ${benchmark}, dependencies: [${model}]${about.hasGolden ? ", resources: [.copy(\"golden\")]" : ""}),
    .executableTarget(name: "selftest", dependencies: [${benchmark}]),
    .executableTarget(name: "benchmark", dependencies: [${benchmark}]),
  ]
)
`;
}
