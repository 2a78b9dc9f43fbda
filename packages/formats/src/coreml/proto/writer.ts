import { type BinaryWriter, WireType } from "@bufbuild/protobuf/wire";

const { LengthDelimited, Varint } = WireType;

export type Body = (writer: BinaryWriter) => void;

/** A message within the message. */
export function message(writer: BinaryWriter, no: number, body: Body): void {
  writer.tag(no, LengthDelimited).fork();
  body(writer);
  writer.join();
}

/** A message without fields: that it is there is what it says. */
export function mark(writer: BinaryWriter, no: number): void {
  message(writer, no, () => undefined);
}

export function text(writer: BinaryWriter, no: number, value: string): void {
  if (value !== "") writer.tag(no, LengthDelimited).string(value);
}

/** int64 and uint64 fields, and int32 and enums within their range; 0 is what a missing field says. */
export function whole(writer: BinaryWriter, no: number, value: number): void {
  if (value !== 0) writer.tag(no, Varint).int64(value);
}

/** A repeated number in the packed form. */
export function packed(writer: BinaryWriter, no: number, body: Body): void {
  message(writer, no, body);
}

/** An entry of a map from strings to messages. */
export function entry(writer: BinaryWriter, no: number, about: { readonly key: string; readonly body: Body }): void {
  message(writer, no, (inner) => {
    text(inner, 1, about.key);
    message(inner, 2, about.body);
  });
}
