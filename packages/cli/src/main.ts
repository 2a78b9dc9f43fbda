import { Command, CommanderError, Option } from "commander";
import type { Diagnostic } from "@edgewise/graph";
import type { Context } from "./context.ts";
import { fileTrouble, Trouble } from "./disk/trouble.ts";
import { renderDiagnostics } from "./render/diagnostic.ts";
import { painter } from "./render/paint.ts";
import { type Terminal, processTerminal } from "./terminal.ts";
import { version } from "./version.ts";

/** Exit code of a mistake in the user's input, from the command line to the model file. */
const BAD_INPUT = 1;

interface GlobalOptions {
  readonly cwd: string;
  readonly file: string;
  readonly json: boolean;
}

type Action = (context: Context, ...args: readonly string[]) => Promise<number>;

/** A verb loads its code when it runs: `plan --help` reads none of it. */
type Load = () => Promise<Action>;

interface Verb {
  readonly usage: string;
  readonly summary: string;
  readonly load: Load;
  readonly options?: readonly (readonly [flags: string, description: string])[];
}

const verbs: readonly Verb[] = [
  { usage: "make", summary: "decide every target, measuring accuracy only where it could change the decision; write plan.lock.json", load: async () => (await import("./commands/make.ts")).make },
  { usage: "explain [target]", summary: "why this, why not that, and what would make it fit", load: async () => (await import("./commands/explain.ts")).explainPlan, options: [["--markdown", "Markdown, as in explanation.md"]] },
  { usage: "emit [targets...]", summary: "write bundles/<target>/, checked, byte for byte reproducible", load: async () => (await import("./commands/emit.ts")).emit },
  { usage: "check", summary: "is the lock still true for these inputs, and do the bundles match it? (for CI)", load: async () => (await import("./commands/check.ts")).check },
  { usage: "measure [targets...]", summary: "run the emitted bundles on real runtimes here and compare with the plan", load: async () => (await import("./commands/measure.ts")).measure, options: [["--import <results.json>", "take what a bundle's benchmark printed on its device into the lock, after checking it"]] },
  { usage: "diff [ref]", summary: "what changed against the lock as it was in a git ref (HEAD unless said)", load: async () => (await import("./commands/diff.ts")).diff, options: [["--markdown", "Markdown for a pull request comment"]] },
  { usage: "inspect <model>", summary: "layers, MACs, parameters, peak memory, and op support per target", load: async () => (await import("./commands/inspect.ts")).inspect, options: [["--layers", "every layer, not only the totals"]] },
  { usage: "quantize <model> <output>", summary: "the quantizer on its own: an int8 ONNX file", load: async () => (await import("./commands/quantize.ts")).quantize },
  { usage: "devices [id]", summary: "the catalog, with sources", load: async () => (await import("./commands/devices.ts")).listDevices },
  { usage: "models", summary: "the models this plan may choose from", load: async () => (await import("./commands/models.ts")).listModels },
  { usage: "init [model]", summary: "a commented plan.yaml from a model file", load: async () => (await import("./commands/init.ts")).init, options: [["--yes", "ask nothing, take the defaults"], ["--device <id>", "device of the first target"]] },
  { usage: "schema [document]", summary: "JSON Schema of a document: plan, device, results", load: async () => (await import("./commands/schema.ts")).printSchema },
];

/** Runs one command line; resolves to the exit code. Prints every mistake, throws only for bugs. */
export async function main(argv: readonly string[], terminal: Terminal = processTerminal()): Promise<number> {
  const sources = new Map<string, string>();
  let exitCode = 0;
  const program = new Command("plan")
    .description("Plans on-device AI: the smallest model, precision, resolution and runtime that meets every budget, with reasons.")
    .version(version)
    .exitOverride()
    .configureOutput({ writeOut: (text) => terminal.out(text), writeErr: (text) => terminal.err(text) })
    .showSuggestionAfterError()
    .addOption(new Option("--cwd <folder>", "work in this folder").default(".", "here"))
    .addOption(new Option("--file <path>", "the plan file").default("plan.yaml"))
    .addOption(new Option("--json", "one JSON document on stdout, everything else on stderr").default(false, "text"));
  for (const verb of verbs) {
    const isDefault = verb.usage === "make";
    const command = program.command(verb.usage, { isDefault }).description(verb.summary).allowExcessArguments(isDefault);
    for (const [flags, description] of verb.options ?? []) command.option(flags, description);
    command.addOption(new Option("--cwd <folder>").hideHelp()).addOption(new Option("--file <path>").hideHelp()).addOption(new Option("--json").hideHelp());
    command.action(async (...parameters: readonly unknown[]) => {
      const [stray] = isDefault ? command.args : [];
      if (stray !== undefined) throw await strayWord(stray, program.args[0] === verb.usage);
      const own = command.opts<Record<string, string | boolean | undefined>>();
      const all: GlobalOptions = { ...program.opts<GlobalOptions>(), ...own };
      const args = parameters.slice(0, -2).flat().filter((value) => typeof value === "string");
      const context: Context = { cwd: all.cwd, file: all.file, json: all.json, flags: own, terminal, sources, paint: painter(terminal.color && !all.json) };
      exitCode = await (await verb.load())(context, ...args);
    });
  }
  try {
    await program.parseAsync([...argv], { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return 0;
      // Its words are on stderr already.
      if (argv.includes("--json")) terminal.out(refusal([{ code: "USAGE", severity: "error", subject: { kind: "argument", name: "plan" }, summary: error.message.replace(/^error: /, ""), fix: "plan --help lists the verbs, plan <verb> --help their options." }]));
      return BAD_INPUT;
    }
    const disk = fileTrouble(error, ".");
    const trouble = error instanceof Trouble ? error : disk === null ? null : new Trouble([disk]);
    if (trouble === null) throw error;
    const paint = painter(terminal.color);
    terminal.err(renderDiagnostics(trouble.diagnostics, sources, paint));
    if (argv.includes("--json")) terminal.out(refusal(trouble.diagnostics));
    return trouble.exitCode;
  }
}

/** A word that the default verb was given is most often another verb, misspelt. */
async function strayWord(word: string, afterVerb: boolean): Promise<Trouble> {
  const { suggest } = await import("@edgewise/planner/schema");
  const names = verbs.map(({ usage }) => usage.split(" ")[0] ?? "");
  const near = afterVerb ? null : suggest(word, names);
  return new Trouble([{
    code: "USAGE", severity: "error", subject: { kind: "argument", name: word }, summary: afterVerb ? `plan make takes no ${word}` : `There is no verb ${word}`,
    found: word, expected: names.join(", "), fix: near === null ? "plan --help says what each verb does." : `Did you mean ${near}?`,
  }]);
}

/** The one JSON document of a run that could not answer. */
function refusal(diagnostics: readonly Diagnostic[]): string {
  return `${JSON.stringify({ ok: false, diagnostics })}\n`;
}
