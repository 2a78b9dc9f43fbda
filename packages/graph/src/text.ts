import { dtypes } from "./dtype.ts";
import type { Attr, Graph, Node, Value, ValueId } from "./graph.ts";
import type { Quant } from "./quant.ts";
import type { Tensor } from "./tensor.ts";
import { decodeConstant, encodeTensor } from "./tensor-codec.ts";

/** A constant of more elements is printed as hex bytes; nobody reads more numbers in a row. */
const MAX_INLINE_ELEMENTS = 64;

export interface PrintOptions {
  /** "exact" (default) prints every byte and parses back; "elided" prints the size of long constants, for reading. */
  readonly constants?: "exact" | "elided";
}

/**
 * The graph as text, one definition a line; `parseGraph(printGraph(g))` equals g.
 *
 *     graph tiny
 *     file "tiny.onnx"
 *     in x: float32[1, 1, 4, 4]
 *     w: float32[2, 1, 1, 1] = const [0.5, -1]
 *     c: float32[1, 2, 4, 4] = Conv(x, w, _) kernel_shape=[1, 1] clampMin=0 as "Conv_0"
 *     q: int8[1, 2, 4, 4] scale=0.1 zero=-3 = Quantize(c)
 *     out q
 *
 * A name stands bare when it is letters, digits, "_" and "."; else in JSON quotes. `_` is a left-out input. A value without
 * ": type" is float32 of unknown shape; "[?]" is an unknown shape. `as` gives the user's node name where it is not the first
 * output's, and `from` the file where it is not the header's. Constants stand before their first reader.
 */
export function printGraph(graph: Graph, options: PrintOptions = {}): string {
  const elide = options.constants === "elided";
  const file = graph.nodes[0]?.origin.file ?? defaultFile;
  const lines = [`graph ${nameText(graph.name)}`];
  if (file !== defaultFile) lines.push(`file ${JSON.stringify(file)}`);
  for (const [key, text] of Object.entries(graph.metadata)) lines.push(`meta ${JSON.stringify(key)} ${JSON.stringify(text)}`);
  for (const id of graph.inputs) lines.push(`in ${declaration(graph, id)}`);
  const printed = new Set<ValueId>([...graph.inputs, ...graph.nodes.flatMap((node) => node.outputs)]);
  const printLoose = (id: ValueId): void => {
    const value = graph.values.get(id);
    if (!value || printed.has(id)) return;
    printed.add(id);
    lines.push(value.constant ? `${declaration(graph, id)} = const ${constantText(value, elide)}` : declaration(graph, id));
  };
  for (const node of graph.nodes) {
    for (const id of node.inputs) if (id !== null) printLoose(id);
    lines.push(nodeText(graph, node, file));
  }
  for (const id of graph.values.keys()) printLoose(id);
  if (graph.outputs.length > 0) lines.push(`out ${graph.outputs.map(nameText).join(", ")}`);
  return `${lines.join("\n")}\n`;
}

/** The file of nodes in text that names none. */
export const defaultFile = "graph.txt";

function nodeText(graph: Graph, node: Node, file: string): string {
  const outputs = node.outputs.map((id) => declaration(graph, id)).join(", ");
  const inputs = node.inputs.map((id) => (id === null ? "_" : nameText(id))).join(", ");
  const attrs = Object.entries(node.attrs).map(([name, attr]) => ` ${nameText(name)}=${attrText(attr)}`).join("");
  const as = node.origin.node === node.outputs[0] ? "" : ` as ${JSON.stringify(node.origin.node)}`;
  const from = node.origin.file === file ? "" : ` from ${JSON.stringify(node.origin.file)}`;
  return `${outputs} = ${node.op}(${inputs})${attrs}${as}${from}`;
}

function declaration(graph: Graph, id: ValueId): string {
  const value = graph.values.get(id);
  if (!value) return nameText(id);
  if (value.dtype === "float32" && value.shape === null && value.quant === null) return nameText(id);
  const dims = value.shape === null ? "?" : value.shape.map((dim) => (typeof dim === "number" ? String(dim) : nameText(dim))).join(", ");
  return `${nameText(id)}: ${value.dtype}[${dims}]${value.quant ? quantText(value.quant) : ""}`;
}

function quantText({ scale, zeroPoint, axis }: Quant): string {
  const list = (numbers: readonly number[], show: (n: number) => string): string =>
    axis === null && numbers.length === 1 ? show(numbers[0] ?? 0) : `[${numbers.map(show).join(", ")}]`;
  const zero = zeroPoint.length === scale.length && zeroPoint.every((z) => z === 0 && !Object.is(z, -0)) ? "" : ` zero=${list(zeroPoint, numberText)}`;
  return ` scale=${list(scale, floatText)}${zero}${axis === null ? "" : ` axis=${axis}`}`;
}

function constantText(value: Value, elide: boolean): string {
  const bytes = value.constant?.bytes ?? new Uint8Array();
  const fixed = value.shape?.every((dim) => typeof dim === "number") ?? false;
  const elements = fixed ? (value.shape ?? []).reduce<number>((n, dim) => n * Number(dim), 1) : Infinity;
  if (elements <= MAX_INLINE_ELEMENTS) {
    const tensor = decodeConstant(value);
    const inline = `[${Array.from<number | bigint, string>(tensor.data, (x) => elementText(tensor, x)).join(", ")}]`;
    // The payload of a NaN and a padding nibble that is not zero are no numbers: those bytes are printed as they are.
    const plain = !Array.from<number | bigint, boolean>(tensor.data, (x) => Number.isNaN(x)).includes(true);
    if (plain && sameBytes(encodeTensor(tensor), bytes)) return inline;
  }
  return elide ? `(${bytes.byteLength} bytes)` : `hex ${Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

function elementText(tensor: Tensor, x: number | bigint): string {
  if (typeof x === "bigint") return String(x);
  return dtypes[tensor.dtype].kind === "float" && tensor.dtype !== "float64" ? floatText(x) : numberText(x);
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.byteLength === b.byteLength && a.every((byte, i) => byte === b[i]);
}

function attrText(attr: Attr): string {
  if (typeof attr === "number") return numberText(attr);
  if (typeof attr === "string") return JSON.stringify(attr);
  return `[${attr.map((item) => (typeof item === "number" ? numberText(item) : JSON.stringify(item))).join(", ")}]`;
}

/** Bare where it can be; else in JSON quotes. */
function nameText(name: string): string {
  return /^[A-Za-z][A-Za-z0-9_.]*$/.test(name) ? name : JSON.stringify(name);
}

/** Shortest decimal that is this double; "-0", "inf", "-inf", "nan" spelled out. */
function numberText(x: number): string {
  if (Number.isNaN(x)) return "nan";
  if (!Number.isFinite(x)) return x > 0 ? "inf" : "-inf";
  return Object.is(x, -0) ? "-0" : String(x);
}

/** Shortest decimal that rounds to this float32: 0.1, not 0.10000000149011612. Doubles that are no float32 stand in full. */
function floatText(x: number): string {
  if (Math.fround(x) !== x || x === 0 || !Number.isFinite(x)) return numberText(x);
  for (let digits = 1; digits <= 9; digits++) {
    const short = Number(x.toPrecision(digits));
    if (Math.fround(short) === x) return String(short);
  }
  return numberText(x);
}
