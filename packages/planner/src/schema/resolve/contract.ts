import type { Diagnostic } from "@edgewise/graph";
import type { InputContract, OutputContract } from "../contract.ts";
import type { ScaleDocument, TaskDocument } from "../document.ts";
import type { KeyPath, Locator } from "../read/locate.ts";

interface Context {
  readonly locate: Locator;
  readonly errors: Diagnostic[];
}

/** "1/255" or 0.5 or one entry per channel → numbers. */
function factors(written: ScaleDocument, path: KeyPath, context: Context): readonly number[] {
  const entries = Array.isArray(written) ? written : [written];
  return entries.map((entry) => {
    if (typeof entry === "number") return entry;
    const match = /^(-?[0-9.]+(?:e[+-]?[0-9]+)?)(?:\s*\/\s*(-?[0-9.]+))?$/i.exec(entry.trim());
    const value = match === null ? Number.NaN : Number(match[1]) / Number(match[2] ?? 1);
    if (!Number.isFinite(value)) {
      context.errors.push({
        code: "NOT_A_NUMBER", severity: "error", subject: context.locate.value(path), summary: `${path.join(".")} is not a number`,
        found: entry, expected: "a number or a fraction such as 1/255", fix: "Write a number.",
      });
      return 1;
    }
    return value;
  });
}

/** "224x224" → height and width in pixels; null after reporting. */
export function parsePixels(written: string, path: KeyPath, context: Context): { heightPx: number; widthPx: number } | null {
  const match = /^([1-9][0-9]{0,4})\s*[x×]\s*([1-9][0-9]{0,4})$/.exec(written.trim());
  if (match !== null) return { heightPx: Number(match[1]), widthPx: Number(match[2]) };
  context.errors.push({
    code: "NOT_A_RESOLUTION", severity: "error", subject: context.locate.value(path), summary: `${path.join(".")} is not a resolution`,
    found: written, expected: "height x width in pixels, such as 96x96", fix: "Write two whole numbers with an x between.",
  });
  return null;
}

export function resolveInput(task: TaskDocument, context: Context): InputContract {
  const input = task.input ?? {};
  const path: KeyPath = ["task", "input"];
  const scale = factors(input.scale ?? (task.kind === "tensor" ? 1 : "1/255"), [...path, "scale"], context);
  const offset = factors(input.offset ?? 0, [...path, "offset"], context);
  if (task.kind === "tensor") return { kind: "tensor", scale, offset };
  const channels = input.color === "gray" ? 1 : 3;
  for (const [name, values] of [["scale", scale], ["offset", offset]] as const) {
    if (values.length === 1 || values.length === channels) continue;
    context.errors.push({
      code: "CHANNEL_COUNT", severity: "error", subject: context.locate.value([...path, name]), summary: `${name} has the wrong number of channels`,
      found: String(values.length), expected: `1 or ${channels}`, fix: "Give one number for all channels, or one for each.",
    });
  }
  return {
    kind: "image", color: input.color ?? "rgb", layout: input.layout ?? "nchw", scale, offset,
    resize: {
      filter: input.filter ?? "bilinear", fit: input.fit ?? "stretch", pad: input.pad ?? 0,
      crop: input.crop === undefined ? null : parsePixels(input.crop, [...path, "crop"], context),
    },
  };
}

/** Labels that stand in a file or in folder names are filled in by the reader of those; here they are empty. */
export function resolveOutput(task: TaskDocument): OutputContract {
  if (task.kind === "tensor" && task.output === undefined) return { kind: "tensor" };
  const output = task.output ?? {};
  return {
    kind: "labels", labels: Array.isArray(output.labels) ? output.labels : [],
    labelOffset: output.labelOffset ?? 0, softmax: output.softmax ?? false, topK: output.topK ?? 1,
  };
}
