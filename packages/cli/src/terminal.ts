/** Where words go. `stdout` is for the answer, `stderr` for everything else. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  /** Progress may be drawn (stderr is a terminal). */
  readonly interactive: boolean;
  readonly color: boolean;
  readonly columns: number;
}

export function processTerminal(): Terminal {
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    interactive: process.stderr.isTTY === true,
    color: process.stdout.isTTY === true && (process.env["NO_COLOR"] ?? "") === "",
    columns: process.stdout.columns ?? 100,
  };
}
