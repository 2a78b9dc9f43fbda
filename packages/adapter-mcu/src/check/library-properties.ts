/** Longest name, of the library and of its folder. */
export const NAME_CHARACTERS = 63;

/** Categories the library manager knows. */
const categories: readonly string[] = ["Display", "Communication", "Signal Input/Output", "Sensors", "Device Control", "Timing", "Data Storage", "Data Processing", "Other"];

type Rule = (value: string) => boolean;

const notBlank: Rule = (value) => value.trim() !== "";

/** What each field must be; all of these are required. */
const rules: Readonly<Record<string, Rule>> = {
  // Letters, digits, space, underscore, dot and dash; a letter somewhere; "Arduino" at the start is kept for official libraries.
  name: (value) => value.length <= NAME_CHARACTERS && /^[A-Za-z0-9][A-Za-z0-9 _.-]*$/.test(value) && /[A-Za-z]/.test(value) && !/^arduino/i.test(value),
  // semver.org 2.0.0
  version: (value) => /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/.test(value),
  author: notBlank,
  maintainer: notBlank,
  sentence: notBlank,
  paragraph: notBlank,
  category: (value) => categories.includes(value),
  url: (value) => /^https?:\/\/[^\s/]+(\/\S*)?$/.test(value),
  architectures: (value) => value.split(",").every((each) => /^(\*|[A-Za-z0-9_]+)$/.test(each)),
  includes: (value) => value.split(",").every((each) => /^[A-Za-z0-9_]+\.h$/.test(each)),
};

/** Lines `key=value`; a comment or an empty line is none; the last of equal keys counts. */
export function readProperties(text: string): ReadonlyMap<string, string> {
  const lines = text.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("#"));
  return new Map(lines.map((line) => {
    const at = line.indexOf("=");
    return at < 0 ? [line.trim(), ""] as const : [line.slice(0, at).trim(), line.slice(at + 1).trim()] as const;
  }));
}

/**
 * Fields of a library.properties that are missing or break a rule, in the order of the rules. Empty: valid.
 * Source: arduino.github.io/arduino-cli/latest/library-specification
 */
export function wrongFields(text: string): readonly string[] {
  const properties = readProperties(text);
  return Object.entries(rules).filter(([field, rule]) => !rule(properties.get(field) ?? "")).map(([field]) => field);
}
