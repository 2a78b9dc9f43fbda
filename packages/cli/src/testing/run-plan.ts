import { main } from "../main.ts";
import type { Terminal } from "../terminal.ts";

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** One command line in this process, on a terminal that is a pipe. */
export async function runPlan(root: string, argv: readonly string[], terminal: Partial<Terminal> = {}): Promise<Outcome> {
  const [stdout, stderr]: [string[], string[]] = [[], []];
  const code = await main(["--cwd", root, ...argv], {
    out: (text) => void stdout.push(text), err: (text) => void stderr.push(text),
    interactive: false, color: false, columns: 100, ...terminal,
  });
  return { code, stdout: stdout.join(""), stderr: stderr.join("") };
}

interface Problem {
  readonly code: string;
  readonly summary: string;
  readonly fix: string;
  readonly found?: string;
  readonly expected?: string;
  readonly subject: { readonly kind: string; readonly path?: string; readonly line?: number; readonly node?: string };
}

/** The answer of a `--json` run, and with a mistake its diagnostics: exactly one document, or a throw. */
export async function runJson(root: string, argv: readonly string[]): Promise<{ readonly code: number; readonly answer: unknown; readonly problems: readonly Problem[] }> {
  const { code, stdout } = await runPlan(root, ["--json", ...argv]);
  const answer: unknown = JSON.parse(stdout);
  const problems = typeof answer === "object" && answer !== null && "diagnostics" in answer ? answer.diagnostics as readonly Problem[] : [];
  return { code, answer, problems };
}
