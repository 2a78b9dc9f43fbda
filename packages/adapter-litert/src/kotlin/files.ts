import { type BundleFile, textFile } from "@edgewise/adapter";
import { invariant } from "@edgewise/graph";
import { activitySource } from "./activity.ts";
import { answerSource } from "./answer.ts";
import { backendSource } from "./backend.ts";
import { benchmarkSource, timingSource } from "./benchmark.ts";
import { engineSource } from "./engine.ts";
import { errorsSource } from "./errors.ts";
import { type KotlinFacts, pictureShape } from "./facts.ts";
import { goldenVectorSource } from "./golden-vector.ts";
import { appBuildSource, consumerRules, gradleProperties, libraryBuildSource, manifestOfApp, manifestOfLibrary, rootBuildSource, settingsSource } from "./gradle.ts";
import { guideSource } from "./guide.ts";
import { instrumentedTestSource } from "./instrumented.ts";
import { bitmapSource, modelSource, modelType } from "./model.ts";
import { packageName } from "./names.ts";
import { pictureSource } from "./picture.ts";
import { resizeSource } from "./resize.ts";
import { selfTestSource } from "./selftest.ts";
import { outputTensorSource, pixelTensorSource, valueTensorSource } from "./tensor.ts";

const LIBRARY = "android/edgewise-model";
const APP = "android/sample";

/** The Gradle project in android/: a library with the typed API, a sample app with self-test and benchmark, and how to use them. */
export function kotlinFiles(facts: KotlinFacts): readonly BundleFile[] {
  const { candidate: { target } } = facts;
  return [
    textFile("android/README.md", guideSource(facts)),
    textFile("android/settings.gradle.kts", settingsSource(target)),
    textFile("android/build.gradle.kts", rootBuildSource),
    textFile("android/gradle.properties", gradleProperties),
    textFile(`${LIBRARY}/build.gradle.kts`, libraryBuildSource(facts)),
    textFile(`${LIBRARY}/consumer-rules.pro`, consumerRules),
    textFile(`${LIBRARY}/src/main/AndroidManifest.xml`, manifestOfLibrary),
    ...libraryFiles(facts),
    textFile(`${APP}/build.gradle.kts`, appBuildSource(facts)),
    textFile(`${APP}/src/main/AndroidManifest.xml`, manifestOfApp(target)),
    ...appFiles(facts),
  ];
}

/** The Kotlin library's sources: one file for each step, those that the contract uses. */
export function libraryFiles(facts: KotlinFacts): readonly BundleFile[] {
  const { candidate, contract, ports, layouts } = facts;
  invariant(contract.output.kind !== "labels" || (contract.output.topK > 0 && contract.output.labelOffset < ports.output.elements), "an answer has a class");
  const name = packageName(candidate.target);
  const sources = [
    [modelType(contract), modelSource(name, facts)] as const,
    ["Engine", engineSource(name, facts)] as const,
    ["Backend", backendSource(name, candidate.backend)] as const,
    ["ModelException", errorsSource(name, contract)] as const,
    ["OutputTensor", outputTensorSource(name, { output: ports.output, layout: layouts.output })] as const,
    ...(contract.output.kind === "labels" ? [["Classification", answerSource(name, contract.output)] as const] : []),
    ...inputSources(name, facts),
  ];
  return sources.map(([file, text]) => textFile(`${LIBRARY}/src/main/kotlin/${name.replaceAll(".", "/")}/${file}.kt`, text));
}

function inputSources(name: string, { contract: { input }, ports, layouts }: KotlinFacts): readonly (readonly [file: string, text: string])[] {
  if (input.kind === "tensor") return [["InputTensor", valueTensorSource(name, { contract: input, input: ports.input, layout: layouts.input })]];
  const shape = pictureShape(input, ports, layouts.input);
  return [
    ["BitmapPicture", bitmapSource(name)], ["Picture", pictureSource(name, shape)], ["Resize", resizeSource(name, shape)],
    ["InputTensor", pixelTensorSource(name, shape, ports.input)],
  ];
}

/** The sample app's sources, and where there are vectors the instrumented test. */
export function appFiles(facts: KotlinFacts): readonly BundleFile[] {
  const { candidate, contract, ports, hasGolden } = facts;
  const library = packageName(candidate.target);
  const names = { library, app: `${library}.sample` };
  const source = (kind: "main" | "androidTest") => (file: string, text: string): BundleFile => textFile(`${APP}/src/${kind}/kotlin/${names.app.replaceAll(".", "/")}/${file}.kt`, text);
  const [main, test] = [source("main"), source("androidTest")];
  return [
    main("MainActivity", activitySource(names, contract)),
    main("GoldenVector", goldenVectorSource({ ...names, contract, input: ports.input })),
    main("SelfTest", selfTestSource(names, contract)),
    main("Timing", timingSource(names.app)),
    main("Benchmark", benchmarkSource(names, facts)),
    ...(hasGolden ? [test("GoldenVectorsTest", instrumentedTestSource(names, contract))] : []),
  ];
}
