import { type LoweredTflite, type TfliteMetadata, type TfliteProgram, encodeTflite } from "@edgewise/formats/tflite";
import type { TaskContract } from "@edgewise/planner/schema";
import { metadataOf } from "./metadata.ts";

/** The program's bytes: names of inner tensors, which no kernel needs, are left out. */
export function programBytes(program: TfliteProgram, metadata?: TfliteMetadata): Uint8Array {
  return encodeTflite(program, { description: "Edgewise", innerNames: "omit", ...(metadata === undefined ? {} : { metadata }) });
}

/** model.tflite: the program with the contract as metadata. */
export function modelBytes(lowered: LoweredTflite, contract: TaskContract): Uint8Array {
  return programBytes(lowered.program, metadataOf(lowered, contract));
}
