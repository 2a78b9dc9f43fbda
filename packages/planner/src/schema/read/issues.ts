import type { Diagnostic } from "@edgewise/graph";
import type { z } from "zod";
import { knownKeys } from "./known.ts";
import type { KeyPath, Locator } from "./locate.ts";
import { suggest } from "./suggest.ts";

type Issue = z.core.$ZodIssue;

/** Words of product.md that a later version will understand: refused by name, never ignored. */
const later: Readonly<Record<string, string>> = {
  escalation: "escalation between device and cloud",
  privacy: "privacy policies",
  sustained: "sustained latency",
  context: "context budgets of language models",
  ttft: "time-to-first-token budgets",
  tokensPerSecond: "token rate budgets",
  "keyword-spotting": "keyword spotting",
  "anomaly-detection": "anomaly detection",
  "object-detection": "object detection",
  "sensor-classification": "sensor classification",
  "text-embedding": "text embedding",
  "text-generation": "text generation",
  "visual-question-answering": "visual question answering",
  "speech-recognition": "speech recognition",
};

function laterVersion(word: string, subject: Diagnostic["subject"]): Diagnostic | null {
  const meaning = later[word];
  if (meaning === undefined) return null;
  return {
    code: "NOT_IN_THIS_VERSION", severity: "error", subject,
    summary: `${word} is not available in this version`,
    detail: `This version plans image-classification and tensor tasks with one placement per target; ${meaning} will come later.`,
    fix: `Remove ${word}, or plan that part by hand.`,
  };
}

function at(root: unknown, path: KeyPath): unknown {
  let node = root;
  for (const key of path) {
    node = typeof node === "object" && node !== null ? new Map<string | number, unknown>(Object.entries(node)).get(String(key)) : undefined;
  }
  return node;
}

function unknownKey(key: string, path: KeyPath, locate: Locator): Diagnostic {
  const subject = locate.key([...path, key]);
  const known = knownKeys(path);
  const near = suggest(key, known);
  return laterVersion(key, subject) ?? {
    code: "UNKNOWN_KEY", severity: "error", subject,
    summary: `Unknown key ${key}`,
    found: key, expected: known.join(", "),
    fix: near === null ? "Use one of the known keys, or remove it." : `Did you mean ${near}?`,
  };
}

function unknownName(found: unknown, expected: readonly string[], subject: Diagnostic["subject"]): Diagnostic {
  const word = String(found);
  const near = suggest(word, expected);
  return laterVersion(word, subject) ?? {
    code: "UNKNOWN_NAME", severity: "error", subject,
    summary: `Unknown name ${word}`,
    found: word, expected: expected.join(", "),
    fix: near === null ? "Use one of the known names." : `Did you mean ${near}?`,
  };
}

function wrongType(issue: Issue & { code: "invalid_type" }, found: unknown, context: { path: KeyPath; locate: Locator }): Diagnostic {
  const { path, locate } = context;
  const name = path.join(".");
  if (found === undefined) {
    return {
      code: "MISSING_KEY", severity: "error", subject: locate.key(path),
      summary: `${name} is missing`, expected: issue.expected, fix: `Add ${String(path.at(-1))}.`,
    };
  }
  if (typeof found === "number" && issue.expected === "string" && path.includes("budgets")) {
    return {
      code: "NUMBER_WITHOUT_UNIT", severity: "error", subject: locate.value(path),
      summary: `${name} is a bare number`, found: String(found), expected: 'an inequality with a unit, such as "<= 10 ms" or "<= 256 KiB"',
      fix: "Write the relation and the unit; KiB is 1024 bytes, kB is 1000.",
    };
  }
  return {
    code: "WRONG_TYPE", severity: "error", subject: locate.value(path),
    summary: `${name} has the wrong type`, found: found === null ? "nothing" : Array.isArray(found) ? "a list" : typeof found,
    expected: issue.expected, fix: `Write ${issue.expected === "array" ? "a list" : `a ${issue.expected}`} here.`,
  };
}

/** Of a union's branches the one whose container type fits what was written; its mistakes are the user's. */
function fittingBranch(issue: Issue & { code: "invalid_union" }): readonly Issue[] {
  const depth = (branch: readonly Issue[]): number =>
    branch.some((inner) => inner.code === "invalid_type" && inner.path.length === 0) ? 1 : 0;
  return [...issue.errors].sort((a, b) => depth(a) - depth(b))[0] ?? [];
}

/** One diagnostic per mistake, each at its place in the file. */
export function diagnose(issue: Issue, root: unknown, locate: Locator): readonly Diagnostic[] {
  const path = issue.path.filter((key) => typeof key !== "symbol");
  const found = at(root, path);
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => unknownKey(key, path, locate));
    case "invalid_value":
      return found === undefined
        ? [{ code: "MISSING_KEY", severity: "error", subject: locate.key(path), summary: `${path.join(".")} is missing`, expected: issue.values.join(", "), fix: `Add ${String(path.at(-1))}.` }]
        : [unknownName(found, issue.values.map(String), locate.value(path))];
    case "invalid_type":
      return [wrongType(issue, found, { path, locate })];
    case "invalid_union":
      return fittingBranch(issue).flatMap((inner) => diagnose({ ...inner, path: [...path, ...inner.path] }, root, locate));
    case "invalid_key":
      return [{
        code: "INVALID_TARGET_NAME", severity: "error", subject: locate.key(path), summary: `${String(path.at(-1))} cannot name a target`,
        found: String(path.at(-1)), expected: "lower-case letters, digits and dashes, at most 63, starting with a letter or digit",
        fix: "Rename it: the name becomes a folder of the bundle.",
      }];
    default:
      return [{ code: "INVALID_VALUE", severity: "error", subject: locate.value(path), summary: `${path.join(".")}: ${issue.message}`, found: JSON.stringify(found) ?? "nothing", fix: "Correct the value." }];
  }
}
