import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The public schema, where setup.sh could get it. */
const schema = join(import.meta.dirname, ".venv/schema.fbs");

export const flatcPresent: boolean = existsSync(schema) && spawnSync("flatc", ["--version"]).status === 0;

/** An operator in flatc's words: enums by name, booleans as such, defaults written out. */
export interface FlatcModel {
  readonly version: number;
  readonly operator_codes: readonly { readonly builtin_code: string; readonly deprecated_builtin_code: number; readonly version: number }[];
  readonly subgraphs: readonly {
    readonly tensors: readonly { readonly name?: string; readonly type: string; readonly shape?: readonly number[]; readonly buffer: number }[];
    readonly operators: readonly { readonly opcode_index: number; readonly builtin_options_type: string; readonly builtin_options?: Readonly<Record<string, unknown>> }[];
  }[];
}

export interface FlatcReading {
  readonly model: FlatcModel;
  /** The text again, after flatc has made a file out of it and read that. */
  readonly same: boolean;
}

function flatc(folder: string, args: readonly string[]): void {
  const { status, stderr, stdout } = spawnSync("flatc", ["-o", folder, ...args], { encoding: "utf8" });
  if (status !== 0) throw new Error(`flatc ended with ${status}: ${stderr}${stdout}`);
}

/** Reads a file by the public schema, writes it again by the schema and reads that. Errors: throws flatc's own words. */
export function readByFlatc(bytes: Uint8Array): FlatcReading {
  const folder = mkdtempSync(join(tmpdir(), "edgewise-flatc-"));
  const [file, text] = [join(folder, "model.tflite"), join(folder, "model.json")];
  try {
    writeFileSync(file, bytes);
    const options = ["--json", "--strict-json", "--defaults-json", schema, "--", file];
    flatc(folder, options);
    const first = readFileSync(text, "utf8");
    flatc(folder, ["--binary", schema, text]);
    flatc(folder, options);
    return { model: JSON.parse(first) as FlatcModel, same: readFileSync(text, "utf8") === first };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
