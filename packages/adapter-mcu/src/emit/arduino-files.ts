import { VERSION } from "../runtime.ts";
import { inComment } from "./names.ts";
import { NAME_CHARACTERS } from "../check/library-properties.ts";

/** What the files of an Arduino library say about the network. */
export interface ArduinoParts {
  readonly prefix: string;
  /** Model file as the plan names it. */
  readonly model: string;
  readonly licence: string | null;
  readonly ramBytes: number;
  readonly flashBytes: number;
}

/**
 * Name under which the Arduino tools know the library: the prefix, so that folder and header agree, within the length they
 * allow and without the start that is kept for the makers of the boards.
 */
export function libraryName(prefix: string): string {
  const name = prefix.startsWith("arduino") ? `net_${prefix}` : prefix;
  return name.slice(0, NAME_CHARACTERS);
}

/**
 * The runtime's version as a semantic version: its number is raised when emitted C computes or costs something else, which
 * is what a major version means. Which network it is, the manifest says by digest.
 */
export function libraryVersion(version: string = VERSION): string {
  const [major = "0", minor = "0", patch = "0"] = version.split(".");
  return `${major}.${minor}.${patch}`;
}

/**
 * library.properties of the Arduino library format 1.5, revision 2.2.
 * Source: arduino.github.io/arduino-cli/latest/library-specification
 */
export function renderLibraryProperties({ prefix, model, licence, ramBytes, flashBytes }: ArduinoParts): string {
  const properties = [
    ["name", libraryName(prefix)],
    ["version", libraryVersion()],
    ["author", "Edgewise"],
    ["maintainer", "Edgewise"],
    ["sentence", `${inComment(model)} as an int8 network in C99.`],
    ["paragraph", `Takes at most ${ramBytes} bytes of RAM and about ${flashBytes} bytes of flash; no allocation, no operating system, no floating point. Licence of the model: ${inComment(licence ?? "not stated")}.`],
    ["category", "Data Processing"],
    ["url", `https://example.com/${prefix}`],
    ["architectures", "*"],
    ["includes", `${prefix}.h`],
    ["dot_a_linkage", "true"],
  ];
  return properties.map(([key, value]) => `${key}=${value}\n`).join("");
}

/** Arduino searches headers in src/ alone; this one leads to the only copy. */
export function renderForwardHeader(prefix: string): string {
  return `/* For build systems that search headers in src/ alone. */\n#include "../include/${prefix}.h"\n`;
}
