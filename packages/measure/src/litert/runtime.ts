import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { compileFunction } from "node:vm";
import { invariant } from "@edgewise/graph";
import type { Handle, LitertWasm } from "./wasm.ts";

/** The optional peer dependency: 38 MB on disk, Apache-2.0. Nothing of it is read before `loadLitert` is called. */
const PACKAGE = "@litertjs/core";

/** The build without relaxed SIMD: Node 20 runs it, and its answers are the same on every machine. */
const MODULE = "wasm/litert_wasm_compat_internal.js";

/** LiteRT in memory; models share it. Its WebAssembly memory grows with them and goes back when this object does. */
export interface LitertRuntime {
  readonly wasm: LitertWasm;
  readonly environment: Handle;
  /** What LiteRT reported as errors since the last call. */
  takeErrors(): readonly string[];
}

type Factory = (options: { readonly locateFile: (name: string) => string; readonly print: (line: string) => void; readonly printErr: (line: string) => void }) => Promise<LitertWasm>;

/** LiteRT is an optional package, and it is not installed. */
export class LitertMissing extends Error {
  constructor(options: ErrorOptions) {
    super(`LiteRT is not installed. Run: npm install ${PACKAGE}@2.5.3`, options);
    this.name = "LitertMissing";
  }
}

/**
 * Loads LiteRT's WebAssembly build into this process. The package's own entry point needs a browser and takes no int8
 * tensors, so that the module below it is evaluated. The package is looked up from `from`, the path or URL of a file.
 * Rejects with `LitertMissing` where it is not installed.
 */
export async function loadLitert(from: string | URL = import.meta.url): Promise<LitertRuntime> {
  const require = createRequire(from);
  const file = moduleFile(require);
  const module: { exports: { readonly default?: Factory } } = { exports: {} };
  // The package is of type "module", its WebAssembly loader is CommonJS: `require` of it fails.
  compileFunction(readFileSync(file, "utf8"), ["module", "exports", "require", "__filename", "__dirname"], { filename: file })(module, module.exports, require, file, dirname(file));
  const { default: factory } = module.exports;
  invariant(factory !== undefined, `${MODULE} exports its factory`);
  let errors: string[] = [];
  // LiteRT logs as it goes; only errors matter, and they are the one sign of an operator that it does not have.
  const note = (line: string): void => {
    if (/^ERROR|^FATAL/.test(line)) errors.push(line.replace(/^\w+: /, ""));
  };
  const wasm = await factory({ locateFile: (name) => join(dirname(file), name), print: note, printErr: note });
  wasm.setupLogging();
  const takeErrors = (): readonly string[] => {
    const taken = errors;
    errors = [];
    return taken;
  };
  return { wasm, environment: wasm.LiteRtEnvironment.create(null), takeErrors };
}

/** Whether `loadLitert` would find the package; nothing of it is read. */
export function isLitertInstalled(from: string | URL = import.meta.url): boolean {
  try {
    return moduleFile(createRequire(from)) !== "";
  } catch (error) {
    if (error instanceof LitertMissing) return false;
    throw error;
  }
}

function moduleFile(require: NodeJS.Require): string {
  try {
    return require.resolve(`${PACKAGE}/${MODULE}`);
  } catch (cause) {
    throw new LitertMissing({ cause });
  }
}
