import { type DType, dtypes } from "./dtype.ts";
import type { Attr, Dim, Graph, Node, Value, ValueId } from "./graph.ts";
import type { OpName } from "./op.ts";
import { ops } from "./ops/registry.ts";
import type { Quant } from "./quant.ts";
import { allocate, elementCount } from "./tensor.ts";
import { encodeTensor } from "./tensor-codec.ts";
import { defaultFile } from "./text.ts";
import { type Cursor, scanLine } from "./text-tokens.ts";

/**
 * Reads the text form that `printGraph` defines.
 *
 * Beside the printed forms a constant may be `const seed 7` (values of an own generator, in [-1, 1) for floats and
 * -8 to 7 or 0 to 15 for integers), `const seed 7 [0.5, 2]` (from 0.5 to below 2) or `const fill 0.5`. "#" starts a comment. The text is written by developers: a
 * mistake throws a SyntaxError with its line.
 */
export function parseGraph(text: string): Graph {
  const reading: Reading = { name: "graph", file: defaultFile, metadata: {}, inputs: [], outputs: [], nodes: [], values: new Map() };
  text.split("\n").forEach((line, index) => {
    const cursor = scanLine(line, index + 1);
    if (!cursor.done()) parseLine(reading, cursor);
  });
  const { name, inputs, outputs, nodes, values, metadata } = reading;
  return { name, inputs, outputs, nodes, values, metadata };
}

interface Reading {
  name: string;
  file: string;
  readonly metadata: Record<string, string>;
  readonly inputs: ValueId[];
  readonly outputs: ValueId[];
  readonly nodes: Node[];
  readonly values: Map<ValueId, Value>;
}

function parseLine(reading: Reading, cursor: Cursor): void {
  switch (cursor.keyword(["graph", "file", "meta", "in", "out"])) {
    case "graph": reading.name = cursor.name(); break;
    case "file": reading.file = cursor.name(); break;
    case "meta": reading.metadata[cursor.name()] = cursor.name(); break;
    case "in": reading.inputs.push(declare(reading, cursor)); break;
    case "out": do reading.outputs.push(cursor.name()); while (cursor.take(",")); break;
    default: parseDefinition(reading, cursor);
  }
  cursor.end();
}

function parseDefinition(reading: Reading, cursor: Cursor): void {
  const outputs: ValueId[] = [];
  do outputs.push(declare(reading, cursor)); while (cursor.take(","));
  if (!cursor.take("=")) return;
  const word = cursor.name();
  if (word === "const") return parseConstant(reading, outputs[0] ?? "", cursor);
  if (!(word in ops)) cursor.fail(`${word} is not an op`);
  reading.nodes.push(parseNode({ reading, cursor, outputs, op: word as OpName })); // just checked against the registry
}

function parseNode({ reading, cursor, outputs, op }: { reading: Reading; cursor: Cursor; outputs: ValueId[]; op: OpName }): Node {
  const inputs: (ValueId | null)[] = [];
  cursor.expect("(");
  while (!cursor.take(")")) {
    inputs.push(cursor.take("_") ? null : cursor.name());
    if (!cursor.peek(")")) cursor.expect(",");
  }
  const attrs: Record<string, Attr> = {};
  let origin = { file: reading.file, node: outputs[0] ?? "" };
  while (!cursor.done()) {
    const name = cursor.name();
    if (cursor.take("=")) attrs[name] = cursor.attr();
    else if (name === "as") origin = { ...origin, node: cursor.name() };
    else if (name === "from") origin = { ...origin, file: cursor.name() };
    else cursor.fail(`"=" expected after ${name}`);
  }
  return { op, inputs, outputs, attrs, origin };
}

function declare(reading: Reading, cursor: Cursor): ValueId {
  const id = cursor.name();
  let dtype: DType = "float32";
  let shape: readonly Dim[] | null = null;
  let quant: Quant | null = null;
  if (cursor.take(":")) {
    const word = cursor.name();
    if (!(word in dtypes)) cursor.fail(`${word} is not an element type`);
    dtype = word as DType; // just checked against the table
    shape = cursor.shape();
    quant = parseQuant(cursor);
  }
  if (reading.values.has(id)) cursor.fail(`${id} is defined twice`);
  reading.values.set(id, { id, dtype, shape, quant, constant: null });
  return id;
}

function parseQuant(cursor: Cursor): Quant | null {
  if (!cursor.takeKey("scale")) return null;
  const scale = cursor.numbers().map(Math.fround);
  const written = cursor.takeKey("zero") ? cursor.numbers() : scale.map(() => 0);
  const axis = cursor.takeKey("axis") ? cursor.number() : null;
  return { kind: "affine", scale, zeroPoint: written, axis };
}

function parseConstant(reading: Reading, id: ValueId, cursor: Cursor): void {
  const value = reading.values.get(id);
  if (!value) return;
  reading.values.set(id, { ...value, constant: { bytes: constantBytes(value, cursor) } });
}

function constantBytes(value: Value, cursor: Cursor): Uint8Array {
  const form = cursor.keyword(["hex", "seed", "fill"]);
  if (form === "hex") return Uint8Array.from(cursor.hex().match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  const shape = (value.shape ?? []).map((dim) => (typeof dim === "number" ? dim : cursor.fail("a constant needs a fixed shape")));
  const count = elementCount(shape);
  const data = allocate(value.dtype, count);
  const wide = data instanceof BigInt64Array || data instanceof BigUint64Array;
  const items: readonly (number | bigint)[] = form === "seed" ? seeded({ seed: cursor.number(), count, dtype: value.dtype, range: cursor.done() ? null : cursor.numbers() })
    : form === "fill" ? Array.from({ length: count }, ((x) => () => x)(cursor.number()))
    : cursor.elements(wide);
  if (items.length !== count) cursor.fail(`${value.id} needs ${count} elements, found ${items.length}`);
  items.forEach((item, i) => { data[i] = wide ? BigInt(item) : Number(item); });
  return encodeTensor({ dtype: value.dtype, shape, data });
}

/** Mulberry32 (Tommy Ettinger, public domain): small, seedable, the same everywhere. */
function seeded({ seed, count, dtype, range }: { seed: number; count: number; dtype: DType; range: readonly number[] | null }): readonly number[] {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const { kind, bits } = dtypes[dtype];
  const span = kind === "float" ? 2 : Math.min(16, 2 ** bits);
  const [low = 0, high = 0] = range ?? (kind === "unsigned" || kind === "bool" ? [0, span] : [-span / 2, span / 2]);
  return Array.from({ length: count }, () => {
    const x = low + next() * (high - low);
    return kind === "float" ? x : kind === "bool" ? Math.floor(x) & 1 : Math.floor(x);
  });
}
