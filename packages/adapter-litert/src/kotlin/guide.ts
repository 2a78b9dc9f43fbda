import { coordinates } from "../coordinates.ts";
import { chainOf } from "./backend.ts";
import type { KotlinFacts } from "./facts.ts";
import { artifactsOf, buildVersions } from "./gradle.ts";
import { modelType } from "./model.ts";
import { packageName } from "./names.ts";

/** android/README.md: from the bundle to an answer on a phone, and back to the plan with what the phone measured. */
export function guideSource({ candidate, contract, hasGolden }: KotlinFacts): string {
  const { target, backend } = candidate;
  const [library, type, chain] = [packageName(target), modelType(contract), chainOf(backend)];
  const given = contract.input.kind === "image" ? "bitmap" : "values";
  const call = contract.output.kind === "labels"
    ? `val answer = model.classify(${given})\n    println("\${answer.best.label} \${answer.best.confidence} on the \${model.backend.id}")`
    : `val output = model.predict(${given})\n    println("\${output.size} numbers from the \${model.backend.id}")`;
  return `# ${target} on Android

\`edgewise-model/\` is a Gradle library: model, labels and a typed Kotlin interface. \`sample/\` is an app around it that ${contract.input.kind === "image" ? "answers for a picture, " : ""}runs the golden vectors and benchmarks the model.

| | |
|---|---|
| minSdk | ${coordinates.value.minSdk}: the lowest API level that LiteRT ${candidate.runtimeVersion} declares; the sample app needs 28 for ImageDecoder |
${artifactsOf(backend).map(({ coordinate, why }) => `| dependency | \`${coordinate}\`: ${why} |`).join("\n")}
| build | JDK ${buildVersions.jdk}, Gradle ${buildVersions.gradle}, Android Gradle plugin ${buildVersions.androidPlugin}, Kotlin ${buildVersions.kotlin}, compileSdk ${buildVersions.compileSdk} |
| backends | ${chain.join(", then ")}; each is asked alone, and a refusal keeps its cause; up to four threads on the CPU |

## In an app of yours

1. Keep the bundle as it is, and add to \`settings.gradle.kts\`:

   \`\`\`kotlin
   include(":edgewise-model")
   project(":edgewise-model").projectDir = file("path/to/this/bundle/android/edgewise-model")
   \`\`\`
2. Depend on it: \`implementation(project(":edgewise-model"))\`.
3. Off the main thread:

\`\`\`kotlin
import ${library}.${type}

${type}.open(context).use { model ->
    ${call}
    model.refusals.forEach { println("refused by $it") }
}
\`\`\`

\`${type}.open(context, listOf(Backend.${chain[0] ?? "CPU"}))\` takes no other backend, and throws \`ModelException.NoBackend\` with the cause instead: ${causes}.
${chain.includes("NPU") ? npuText : ""}
## On the device

1. Open \`android/\` in Android Studio, or run \`gradle wrapper --gradle-version ${buildVersions.gradle}\` in it once.
2. \`./gradlew :sample:installDebug\`
${hasGolden ? "3. `./gradlew :sample:connectedAndroidTest` proves the golden vectors on the planned backend, without a fallback, and on the last of the chain.\n" : ""}${hasGolden ? "4" : "3"}. With a cool device: \`adb shell am start -n ${library}.sample/.MainActivity --ez benchmark true\`; it takes two minutes.
${hasGolden ? "5" : "4"}. \`adb pull /sdcard/Android/data/${library}.sample/files/results.json\`, then \`plan measure --import results.json\`.
`;
}

const causes = "missing-library, unsupported-op, precision, shape, os, or other with the runtime's own words";

const npuText = `
The NPU needs its vendor's libraries in the app (\`jniLibs/arm64-v8a\`, or the feature modules of ai.google.dev/edge/litert/next/npu). Without them the NPU is refused with \`missing-library\`. LiteRT lets the CPU take what the NPU leaves, and does not say how much: the benchmark's \`placement\` is null then, and its latency decides.
`;
