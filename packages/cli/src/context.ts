import type { Paint } from "./render/paint.ts";
import type { Terminal } from "./terminal.ts";

/** What every verb is given. */
export interface Context {
  readonly cwd: string;
  /** Plan file, relative to `cwd`. */
  readonly file: string;
  readonly json: boolean;
  readonly flags: Readonly<Record<string, string | boolean | undefined>>;
  readonly terminal: Terminal;
  /** Texts that diagnostics may point into; commands add what they read. */
  readonly sources: Map<string, string>;
  readonly paint: Paint;
}
