import { appendTo } from "../../protobuf/append.ts";
import { type Cursor, WireError, nested, readMessage, text } from "../../protobuf/wire.ts";
import { MAX_OPERATIONS, MAX_PORTS } from "../limits.ts";
import type { MilArgument, MilOperation, MilPort, MilProgram, MilTensorType, MilValue } from "../mil.ts";
import { type BlobSource, decodeType, decodeValue } from "./decode-value.ts";
import { fields } from "./fields.ts";

/** A Program message with the one function "main". Throws WireError. */
export function decodeProgram(cursor: Cursor, blobs: BlobSource): MilProgram {
  const functions = new Map<string, MilProgram>();
  readMessage(cursor, { [fields.program.functions]: entry((key, inner) => {
    if (functions.size > 0) throw new WireError("broken", `a second function, ${key}`, inner.start);
    functions.set(key, decodeFunction(inner, blobs));
  }) });
  const main = functions.get("main");
  if (main === undefined) throw new WireError("broken", "no function main", cursor.start);
  return main;
}

/** An entry of a map from strings to messages. */
function entry(take: (key: string, inner: Cursor) => void): ReturnType<typeof nested> {
  return nested((cursor) => {
    let key = "";
    let value: Cursor | null = null;
    readMessage(cursor, { [fields.entry.key]: text((found) => { key = found; }), [fields.entry.value]: nested((inner) => { value = inner; }) });
    take(key, value ?? { ...cursor, bytes: new Uint8Array() });
  });
}

function decodeFunction(cursor: Cursor, blobs: BlobSource): MilProgram {
  const inputs: MilPort<MilTensorType>[] = [];
  const input = appendTo(inputs, { most: MAX_PORTS, what: "inputs", at: cursor });
  let opset = "";
  const blocks = new Map<string, Cursor>();
  readMessage(cursor, {
    [fields.function.inputs]: nested((inner) => {
      const { name, type } = decodePort(inner);
      if (type.kind !== "tensor") throw new WireError("broken", `the input ${name} is no tensor`, inner.start);
      input({ name, type });
    }),
    [fields.function.opset]: text((name) => { opset = name; }),
    [fields.function.blockSpecializations]: entry((key, inner) => void blocks.set(key, inner)),
  });
  const block = blocks.get(opset);
  if (block === undefined) throw new WireError("broken", `no block for the operation set ${opset}`, cursor.start);
  return { opset, inputs, ...decodeBlock(block, blobs) };
}

function decodeBlock(cursor: Cursor, blobs: BlobSource): Pick<MilProgram, "operations" | "outputs"> {
  const operations: MilOperation[] = [];
  const outputs: string[] = [];
  const operation = appendTo(operations, { most: MAX_OPERATIONS, what: "operations", at: cursor });
  readMessage(cursor, {
    [fields.block.outputs]: text(appendTo(outputs, { most: MAX_PORTS, what: "outputs", at: cursor })),
    [fields.block.operations]: nested((inner) => operation(decodeOperation(inner, blobs))),
  });
  return { operations, outputs };
}

function decodeOperation(cursor: Cursor, blobs: BlobSource): MilOperation {
  let type = "";
  const inputs: [string, readonly MilArgument[]][] = [];
  const outputs: MilPort[] = [];
  const attributes: [string, MilValue][] = [];
  const ports = { most: MAX_PORTS, what: "inputs, outputs or attributes of one operation", at: cursor };
  const [input, output, attribute] = [appendTo(inputs, ports), appendTo(outputs, ports), appendTo(attributes, ports)];
  readMessage(cursor, {
    [fields.operation.type]: text((found) => { type = found; }),
    [fields.operation.inputs]: entry((key, inner) => input([key, decodeArgument(inner, blobs)])),
    [fields.operation.outputs]: nested((inner) => output(decodePort(inner))),
    [fields.operation.blocks]: nested((inner) => { throw new WireError("broken", `control flow in ${type}`, inner.start); }),
    [fields.operation.attributes]: entry((key, inner) => attribute([key, decodeValue(inner, blobs)])),
  });
  const all = new Map(attributes);
  const name = all.get("name");
  all.delete("name");
  const given = name?.kind === "strings" ? name.strings[0] : undefined;
  return { type, name: given ?? outputs[0]?.name ?? type, inputs: Object.fromEntries(inputs), outputs, attributes: Object.fromEntries(all) };
}

function decodeArgument(cursor: Cursor, blobs: BlobSource): readonly MilArgument[] {
  const list: MilArgument[] = [];
  const add = appendTo(list, { most: MAX_PORTS, what: "arguments", at: cursor });
  readMessage(cursor, { [fields.argument.arguments]: nested((binding) => readMessage(binding, {
    [fields.binding.name]: text(add),
    [fields.binding.value]: nested((inner) => add(decodeValue(inner, blobs))),
  })) });
  return list;
}

function decodePort(cursor: Cursor): MilPort {
  let name = "";
  let type: MilPort["type"] | null = null;
  readMessage(cursor, { [fields.port.name]: text((found) => { name = found; }), [fields.port.type]: nested((inner) => { type = decodeType(inner); }) });
  if (type === null) throw new WireError("broken", `${name} has no type that we know`, cursor.start);
  return { name, type };
}
