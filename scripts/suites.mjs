import { existsSync } from "node:fs";
import { join } from "node:path";
import { corpusFolder, onPath, root } from "./toolchain.mjs";

const apt = (packages) => `sudo apt-get install -y ${packages}`;

/**
 * The fixed manifest of suites. A test file belongs to the suite of its suffix (`x.qemu.test.ts`), or to `unit`.
 * A suite whose needs are missing is left out aloud, or fails when EDGEWISE_SUITES=all.
 */
export const suites = [
  { id: "unit", suffix: null, needs: "Node alone", present: () => true, enable: "" },
  { id: "corpus", suffix: "corpus", needs: "the corpus of real models", present: () => corpusFolder() !== null, enable: "EDGEWISE_CORPUS=<folder with INDEX.md> npm test" },
  { id: "git", suffix: "git", needs: "git", present: () => onPath("git"), enable: apt("git") },
  { id: "cc", suffix: "cc", needs: "gcc, g++ and clang", present: () => onPath("gcc") && onPath("g++") && onPath("clang"), enable: apt("gcc g++ clang libclang-rt-14-dev cmake make") },
  { id: "qemu", suffix: "qemu", needs: "arm-none-eabi-gcc and qemu-system-arm", present: () => onPath("arm-none-eabi-gcc") && onPath("qemu-system-arm"), enable: apt("gcc-arm-none-eabi libnewlib-arm-none-eabi qemu-system-arm gcc libc6-dev") },
  { id: "browser", suffix: "browser", needs: "Chromium", present: () => onPath("chromium"), enable: apt("chromium") },
  { id: "litert-judge", suffix: "litert-judge", needs: "the corpus and LiteRT's Python package", present: () => corpusFolder() !== null && litertPython(), enable: "conformance/litert/setup.sh" },
  { id: "coreml-judge", suffix: "coreml-judge", needs: "the corpus and coremltools", present: () => corpusFolder() !== null && coremlPython(), enable: "conformance/coreml/setup.sh" },
  { id: "kotlin", suffix: "kotlin", needs: "Java and the Kotlin compiler", present: () => onPath("java") && kotlinJars(), enable: "conformance/kotlin/setup.sh" },
  { id: "swift", suffix: "swift", needs: "Swift 6", present: () => onPath("swiftc") || existsSync(join(root, "conformance/coreml/.swift/run")), enable: "conformance/coreml/swift.sh" },
];

function litertPython() {
  return existsSync(process.env.EDGEWISE_LITERT_PYTHON ?? join(root, "conformance/litert/.venv/bin/python"));
}

function kotlinJars() {
  return process.env.EDGEWISE_KOTLIN_JARS !== undefined || existsSync(join(root, "conformance/kotlin/.jars/complete"));
}

function coremlPython() {
  return existsSync(process.env.EDGEWISE_COREML_PYTHON ?? join(root, "conformance/coreml/.venv/bin/python"));
}

/** Which suite a test file belongs to; null for a suffix that no suite declares. */
export function suiteOf(file) {
  const suffix = /\.([a-z0-9-]+)\.test\.ts$/.exec(file)?.[1] ?? null;
  return suites.find((suite) => suite.suffix === suffix) ?? null;
}
