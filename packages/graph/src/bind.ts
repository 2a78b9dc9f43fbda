import { type Diagnostic, type Result, fail, ok } from "./diagnostic.ts";
import type { Dim, Graph, Node, Value, ValueId } from "./graph.ts";
import { propagateShapes, sameShape, shapeText } from "./shape.ts";
import { indexUses } from "./uses.ts";
import { subjectOf } from "./verify.ts";

/** Names of dims that are still open, sorted. */
export function openDims(graph: Graph): readonly string[] {
  const names = new Set<string>();
  for (const value of graph.values.values()) for (const dim of value.shape ?? []) if (typeof dim === "string") names.add(dim);
  return [...names].sort();
}

/**
 * Gives named dims their sizes, and propagates shapes.
 *
 * Names that are not given stay open. Errors: BIND_UNKNOWN_DIM for a name that no value has, BIND_SIZE for a size that is
 * not a whole number above 0, and the shape conflicts that the sizes cause.
 */
export function bindDims(graph: Graph, sizes: Readonly<Record<string, number>>): Result<Graph> {
  const open = openDims(graph);
  const problems: Diagnostic[] = [];
  for (const [name, size] of Object.entries(sizes).sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (!open.includes(name)) problems.push(unknownDim(name, open));
    if (!Number.isInteger(size) || size < 1) problems.push(badSize(name, size));
  }
  if (problems.length > 0) return fail(...problems);
  const bind = (dim: Dim): Dim => (typeof dim === "string" ? (sizes[dim] ?? dim) : dim);
  const values = new Map<ValueId, Value>();
  for (const [id, value] of graph.values) {
    const shape = value.shape?.map(bind) ?? null;
    values.set(id, sameShape(shape, value.shape) ? value : { ...value, shape });
  }
  return propagateShapes({ ...graph, values });
}

export interface Resolution {
  readonly heightPx: number;
  readonly widthPx: number;
}

/**
 * Gives the image input another height and width.
 *
 * The image input is the one input of rank 4, [N, C, H, W], or [N, H, W, C] when all its readers transpose it with
 * [0, 3, 1, 2]. Allowed when every shape rule still holds, when ranks and batch sizes stay, and when no output changes
 * except in the height and width of an image. To be done before `canonicalize`, which folds shapes into constants. Errors: REBIND_INPUT (no image input), REBIND_FORBIDDEN, naming the first
 * node that fixes the size.
 */
export function rebindInput(file: Graph, to: Resolution): Result<Graph> {
  const shaped = propagateShapes(file);
  if (!shaped.ok) return shaped;
  const graph = shaped.value;
  const image = imageInput(graph);
  if (image === null) return fail(noImage(graph));
  const { value, heightAxis } = image;
  const shape = (value.shape ?? []).map((dim, axis) => (axis === heightAxis ? to.heightPx : axis === heightAxis + 1 ? to.widthPx : dim));
  if (sameShape(shape, value.shape)) return ok(graph);
  const values = new Map<ValueId, Value>(graph.values);
  values.set(value.id, { ...value, shape });
  for (const node of graph.nodes) {
    for (const id of node.outputs) {
      const made = values.get(id);
      if (made) values.set(id, { ...made, shape: null });
    }
  }
  const rebound = propagateShapes({ ...graph, values });
  if (!rebound.ok) return fail(...rebound.errors.map((error) => forbidden({ ...error, to })));
  const culprit = firstFixed(graph, rebound.value);
  return culprit === null ? rebound : fail(forbidden({ subject: subjectOf(culprit.node), detail: culprit.detail, to }));
}

function imageInput(graph: Graph): { readonly value: Value; readonly heightAxis: number } | null {
  const images = graph.inputs.map((id) => graph.values.get(id)).filter((value) => value?.shape?.length === 4);
  const value = images[0];
  if (value === undefined || images.length > 1) return null;
  const readers = indexUses(graph).consumers(value.id);
  const channelsLast = readers.length > 0 && readers.every((node) => node.op === "Transpose" && String(node.attrs["perm"]) === "0,3,1,2");
  return { value, heightAxis: channelsLast ? 1 : 2 };
}

/** The first node whose result is not the same thing at another resolution. */
function firstFixed(before: Graph, after: Graph): { readonly node: Node; readonly detail: string } | null {
  for (const node of before.nodes) {
    for (const id of node.outputs) {
      const was = before.values.get(id)?.shape ?? null;
      const is = after.values.get(id)?.shape ?? null;
      if (was === null || sameShape(was, is)) continue;
      const image = was.length === 4 && is?.length === 4;
      const flat = was.length === is?.length && was[0] === is[0] && !before.outputs.includes(id);
      const sound = image ? was[0] === is[0] : flat;
      if (!sound) return { node, detail: `${id} would change from ${shapeText(was)} to ${shapeText(is)}.` };
    }
  }
  return null;
}

function forbidden(at: { readonly subject: Diagnostic["subject"]; readonly detail?: string; readonly found?: string; readonly to: Resolution }): Diagnostic {
  const size = `${at.to.heightPx}x${at.to.widthPx}`;
  return {
    code: "REBIND_FORBIDDEN", severity: "error",
    summary: `The model cannot run at ${size} pixels: this node fixes its size.`,
    subject: at.subject,
    ...(at.found === undefined ? {} : { found: at.found }),
    ...(at.detail === undefined ? {} : { detail: at.detail }),
    fix: `Provide a file at that resolution (${size}).`,
  };
}

function noImage(graph: Graph): Diagnostic {
  return {
    code: "REBIND_INPUT", severity: "error",
    summary: "The model has no single image input.",
    subject: { kind: "argument", name: "resolution" },
    found: graph.inputs.map((id) => `${id} ${shapeText(graph.values.get(id)?.shape ?? null)}`).join(", "),
    expected: "one input of four dims",
    fix: "Leave the resolution out for this model.",
  };
}

function unknownDim(name: string, open: readonly string[]): Diagnostic {
  return {
    code: "BIND_UNKNOWN_DIM", severity: "error",
    summary: `The model has no open dim ${name}.`,
    subject: { kind: "argument", name },
    found: name, expected: open.length > 0 ? open.join(", ") : "no open dims",
    fix: open.length > 0 ? `Bind ${open[0]}, or remove this binding.` : "Remove this binding.",
  };
}

function badSize(name: string, size: number): Diagnostic {
  return {
    code: "BIND_SIZE", severity: "error",
    summary: `Dim ${name} cannot have size ${size}.`,
    subject: { kind: "argument", name },
    found: String(size), expected: "a whole number from 1",
    fix: `Give ${name} a whole number from 1.`,
  };
}
