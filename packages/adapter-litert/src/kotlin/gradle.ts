import { coordinates } from "../coordinates.ts";
import { chainOf } from "./backend.ts";
import type { KotlinFacts } from "./facts.ts";
import { kotlinString, packageLeaf, packageName } from "./names.ts";

/** Tested together: the Android Gradle plugin, Gradle, Kotlin. */
export const buildVersions = { androidPlugin: "8.13.0", gradle: "8.13", kotlin: "2.2.21", jdk: 17, compileSdk: 36 } as const;

/** ImageDecoder, which turns pictures upright, came with Android 9. */
const APP_MIN_SDK = 28;

export function settingsSource(target: string): string {
  return `pluginManagement {
    repositories {
        google()
        mavenCentral()
        gradlePluginPortal()
    }
}

dependencyResolutionManagement {
    repositoriesMode = RepositoriesMode.FAIL_ON_PROJECT_REPOS
    repositories {
        google()
        mavenCentral()
    }
}

rootProject.name = ${kotlinString(`edgewise-${packageLeaf(target)}`)}
include(":edgewise-model", ":sample")
`;
}

export const rootBuildSource: string = `plugins {
    id("com.android.application") version "${buildVersions.androidPlugin}" apply false
    id("com.android.library") version "${buildVersions.androidPlugin}" apply false
    id("org.jetbrains.kotlin.android") version "${buildVersions.kotlin}" apply false
}
`;

export const gradleProperties = `android.useAndroidX=true
org.gradle.jvmargs=-Xmx2g
`;

export const manifestOfLibrary = `<?xml version="1.0" encoding="utf-8"?>
<manifest />
`;

/** The library reads one private field of LiteRT's exception: the status that its interface does not show. */
export const consumerRules = `-keepclassmembers class com.google.ai.edge.litert.LiteRtException {
    *** status;
}
`;

/** Artifacts of LiteRT that the chain of backends needs. */
export function artifactsOf(backend: string): readonly { readonly coordinate: string; readonly why: string }[] {
  return coordinates.value.artifacts.filter(({ coordinate }) => !coordinate.includes(":litert-gpu:") || chainOf(backend).includes("GPU"));
}

/** build.gradle.kts of the library: its coordinates, and the bundle's model and labels as assets. */
export function libraryBuildSource({ candidate, contract }: KotlinFacts): string {
  const files = ["model.tflite", ...(contract.output.kind === "labels" ? ["labels.txt"] : [])];
  return `import javax.inject.Inject

plugins {
    id("com.android.library")
    id("org.jetbrains.kotlin.android")
}

android {
    namespace = ${kotlinString(packageName(candidate.target))}
    compileSdk = ${buildVersions.compileSdk}

    defaultConfig {
        // The lowest API level that LiteRT ${candidate.runtimeVersion} declares.
        minSdk = ${coordinates.value.minSdk}
        consumerProguardFiles("consumer-rules.pro")
    }
}

kotlin {
    jvmToolchain(${buildVersions.jdk})
    explicitApi()
}

dependencies {
${artifactsOf(candidate.backend).map(({ coordinate, why }) => `    // ${why.slice(0, 1).toUpperCase()}${why.slice(1)}.\n    implementation(${kotlinString(coordinate)})`).join("\n")}
}

${assetsTask({ files: files.map((file) => `projectDir.resolve(${kotlinString(`../../${file}`)})`), folder: packageLeaf(candidate.target), what: "the bundle's own files, in a folder that keeps two models in one app apart" })}`;
}

/** build.gradle.kts of the sample app. */
export function appBuildSource({ candidate, hasGolden }: KotlinFacts): string {
  const app = `${packageName(candidate.target)}.sample`;
  const tests = hasGolden ? `    androidTestImplementation("androidx.test.ext:junit:1.3.0")
    androidTestImplementation("androidx.test:runner:1.7.0")
` : "";
  return `${hasGolden ? "import javax.inject.Inject\n\n" : ""}plugins {
    id("com.android.application")
    id("org.jetbrains.kotlin.android")
}

android {
    namespace = ${kotlinString(app)}
    compileSdk = ${buildVersions.compileSdk}

    defaultConfig {
        applicationId = ${kotlinString(app)}
        // ImageDecoder, which turns pictures upright, came with Android 9.
        minSdk = ${APP_MIN_SDK}
        targetSdk = ${buildVersions.compileSdk}
        versionCode = 1
        versionName = "1"
        testInstrumentationRunner = "androidx.test.runner.AndroidJUnitRunner"
    }

    androidResources {
        noCompress += "tflite"
    }
}

kotlin {
    jvmToolchain(${buildVersions.jdk})
}

dependencies {
    implementation(project(":edgewise-model"))
${tests}}
${hasGolden ? `
${assetsTask({ files: [`fileTree("../../golden") { exclude("*.png", "*.jpg") }`], folder: "golden", what: "the golden vectors" })}` : ""}`;
}

interface AssetsTask {
  /** Expressions of the build script. */
  readonly files: readonly string[];
  readonly folder: string;
  readonly what: string;
}

/** Gradle's way to add files that lie outside of the module: a task whose output is a folder of assets. */
function assetsTask({ files, folder, what }: AssetsTask): string {
  return `/** Lays files of the bundle into a folder of the assets. */
abstract class BundleAssets @Inject constructor(private val operations: FileSystemOperations) : DefaultTask() {
    @get:InputFiles
    @get:PathSensitive(PathSensitivity.NAME_ONLY)
    abstract val bundleFiles: ConfigurableFileCollection

    @get:Input
    abstract val folder: Property<String>

    @get:OutputDirectory
    abstract val assets: DirectoryProperty

    @TaskAction
    fun lay() {
        operations.sync {
            from(bundleFiles)
            into(assets.dir(folder))
        }
    }
}

// Assets: ${what}.
androidComponents.onVariants { variant ->
    val lay = tasks.register<BundleAssets>("\${variant.name}BundleAssets") {
        bundleFiles.from(
${files.map((file) => `            ${file},`).join("\n")}
        )
        folder = ${kotlinString(folder)}
    }
    variant.sources.assets?.addGeneratedSourceDirectory(lay, BundleAssets::assets)
}
`;
}

export function manifestOfApp(target: string): string {
  return `<?xml version="1.0" encoding="utf-8"?>
<manifest xmlns:android="http://schemas.android.com/apk/res/android">
    <application
        android:allowBackup="false"
        android:label="${packageLeaf(target)}">
        <activity
            android:name=".MainActivity"
            android:configChanges="orientation|screenSize|keyboardHidden"
            android:exported="true">
            <intent-filter>
                <action android:name="android.intent.action.MAIN" />
                <category android:name="android.intent.category.LAUNCHER" />
            </intent-filter>
        </activity>
    </application>
</manifest>
`;
}
