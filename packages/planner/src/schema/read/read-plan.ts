import { type Diagnostic, type Result, fail, ok } from "@edgewise/graph";
import { LineCounter, parseDocument } from "yaml";
import type { z } from "zod";
import type { DeviceClass } from "../device.ts";
import { PlanDocument } from "../document.ts";
import { resolveSpec } from "../resolve/spec.ts";
import type { Spec } from "../spec.ts";
import { diagnose } from "./issues.ts";
import { locator } from "./locate.ts";

/** A plan.yaml is written by hand; beyond this it is not one. */
export const MAX_PLAN_BYTES: number = 1024 * 1024;

/** Expanded aliases per file: enough for anchors used as intended, too few for an expansion bomb. */
const MAX_ALIASES = 100;

export interface PlanSource {
  /** As shown in diagnostics. */
  readonly file: string;
  readonly text: string;
  /** Known devices; their class decides defaults. */
  readonly devices: readonly { readonly id: string; readonly class: DeviceClass }[];
  readonly runtimes: readonly string[];
}

/** Reads plan.yaml. Every mistake is reported at once, in file order, each with line and column. */
export function readPlan(source: PlanSource): Result<Spec> {
  const { file, text } = source;
  if (text.length > MAX_PLAN_BYTES) {
    return fail({ code: "PLAN_TOO_LARGE", severity: "error", subject: { kind: "file", path: file }, summary: "The plan file is too large", found: `${text.length} characters`, expected: `at most ${MAX_PLAN_BYTES}`, fix: "Check that this is a plan.yaml." });
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  if (document.errors.length > 0) {
    return fail(...document.errors.map((error): Diagnostic => {
      const { line, col } = lines.linePos(error.pos[0]);
      const duplicate = error.code === "DUPLICATE_KEY";
      return {
        code: duplicate ? "DUPLICATE_KEY" : "YAML_SYNTAX", severity: "error", subject: { kind: "file", path: file, line, column: col },
        summary: duplicate ? "The same key is written twice" : "This is not YAML", detail: error.message,
        fix: duplicate ? "Keep one of the two: which one counts would be a guess." : "Correct the syntax at this place.",
      };
    }));
  }
  const locate = locator(file, document, lines);
  let root: unknown;
  try {
    root = document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (error) {
    return fail({ code: "YAML_ALIASES", severity: "error", subject: locate.value([]), summary: "Too many expanded aliases", detail: error instanceof Error ? error.message : "", fix: "Write the values out." });
  }
  const parsed = PlanDocument.safeParse(root);
  const errors: Diagnostic[] = parsed.success ? [] : parsed.error.issues.flatMap((issue) => diagnose(issue, root, locate));
  // Mistakes of form must not hide mistakes of meaning: what is left without them is read on, if it still is a plan.
  const faults = parsed.success ? [] : parsed.error.issues.flatMap(pathsOf);
  const readable = parsed.success ? parsed : PlanDocument.safeParse(without(document.toJS({ maxAliasCount: MAX_ALIASES }), faults));
  const meant: Diagnostic[] = [];
  const spec = readable.success ? resolveSpec(readable.data, { ...source, locate, errors: meant }) : null;
  errors.push(...meant.filter((error) => !faults.some((path) => isAbout(error, path))));
  return spec === null || errors.length > 0 ? fail(...inFileOrder(errors)) : ok(spec);
}

function pathsOf(issue: z.core.$ZodIssue): readonly (readonly PropertyKey[])[] {
  return issue.code === "unrecognized_keys" ? issue.keys.map((key) => [...issue.path, key]) : [issue.path];
}

/** The document without what stands at `paths`. */
function without(root: unknown, paths: readonly (readonly PropertyKey[])[]): unknown {
  for (const path of paths) {
    let holder: unknown = root;
    for (const key of path.slice(0, -1)) holder = typeof holder === "object" && holder !== null ? Reflect.get(holder, key) : undefined;
    const key = path.at(-1);
    if (typeof holder === "object" && holder !== null && key !== undefined) Reflect.deleteProperty(holder, key);
  }
  return root;
}

/** Whether a mistake of meaning is about something that holds the fault at `path`: taking the fault out made it. */
function isAbout({ subject }: Diagnostic, path: readonly PropertyKey[]): boolean {
  return subject.kind === "file" && subject.keyPath !== undefined && `${path.map(String).join(".")}.`.startsWith(`${subject.keyPath}.`);
}

function inFileOrder(errors: readonly Diagnostic[]): readonly Diagnostic[] {
  const unique = new Map(errors.map((error) => [JSON.stringify([error.code, error.subject]), error]));
  const place = ({ subject }: Diagnostic): number => subject.kind === "file" ? (subject.line ?? 0) * 1e6 + (subject.column ?? 0) : 0;
  return [...unique.values()].sort((a, b) => place(a) - place(b));
}
