import type { BinaryWriter } from "@bufbuild/protobuf/wire";
import { type MilArgument, type MilOperation, type MilPort, type MilProgram, type MilValue, stringValue } from "../mil.ts";
import { type BlobOffsets, encodeType, encodeValue } from "./encode-value.ts";
import { fields } from "./fields.ts";
import { entry, message, text, whole } from "./writer.ts";

/** Version of the MIL language, the only one. */
const MIL_VERSION = 1;

/** A Program message: one function, "main", with one block, for the program's operation set. */
export function encodeProgram(writer: BinaryWriter, program: MilProgram, offsets: BlobOffsets): void {
  whole(writer, fields.program.version, MIL_VERSION);
  entry(writer, fields.program.functions, { key: "main", body: (main) => {
    for (const input of program.inputs) message(main, fields.function.inputs, (inner) => encodePort(inner, input));
    text(main, fields.function.opset, program.opset);
    entry(main, fields.function.blockSpecializations, { key: program.opset, body: (block) => {
      for (const name of program.outputs) text(block, fields.block.outputs, name);
      for (const operation of program.operations) message(block, fields.block.operations, (inner) => encodeOperation(inner, operation, offsets));
    } });
  } });
}

function encodePort(writer: BinaryWriter, { name, type }: MilPort): void {
  text(writer, fields.port.name, name);
  message(writer, fields.port.type, (inner) => encodeType(inner, type));
}

function encodeOperation(writer: BinaryWriter, operation: MilOperation, offsets: BlobOffsets): void {
  const { operation: own, argument } = fields;
  text(writer, own.type, operation.type);
  for (const [key, given] of Object.entries(operation.inputs)) {
    entry(writer, own.inputs, { key, body: (inner) => {
      for (const one of given) message(inner, argument.arguments, (binding) => encodeBinding(binding, one, offsets));
    } });
  }
  for (const output of operation.outputs) message(writer, own.outputs, (inner) => encodePort(inner, output));
  const attributes: Readonly<Record<string, MilValue>> = { ...operation.attributes, name: stringValue(operation.name) };
  for (const [key, value] of Object.entries(attributes)) entry(writer, own.attributes, { key, body: (inner) => encodeValue(inner, value, offsets) });
}

function encodeBinding(writer: BinaryWriter, argument: MilArgument, offsets: BlobOffsets): void {
  if (typeof argument === "string") text(writer, fields.binding.name, argument);
  else message(writer, fields.binding.value, (inner) => encodeValue(inner, argument, offsets));
}
