import { describe, expect, test } from "vitest";
import { inComment, prefixOf, stringLiteral } from "./names.ts";

describe("names in emitted C", () => {
  test("a target's name becomes an identifier that is no reserved word", () => {
    expect(["meter", "Pico 2-W", "2nd", "int", "übung", "---"].map(prefixOf)).toEqual(["meter", "pico_2_w", "net_2nd", "net_int", "bung", "net"]);
  });
  test("a target's header hides none of C or Arduino", () => {
    expect(["Math", "string", "Arduino", "signal"].map(prefixOf)).toEqual(["net_math", "net_string", "net_arduino", "net_signal"]);
  });
  test("text of a model cannot end a comment", () => {
    expect(inComment("a */ int x; /* b \n ü")).toBe("a * / int x; / * b ? ?");
  });
  test("a label is one string literal, whatever it holds", () => {
    expect(stringLiteral('a"b\\c??/é')).toBe('"a\\"b\\\\c\\?\\?/\\303\\251"');
  });
});
