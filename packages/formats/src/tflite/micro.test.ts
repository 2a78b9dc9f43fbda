import { expect, test } from "vitest";
import { microSource } from "./micro.ts";
import type { TfliteProgram } from "./program.ts";

const operator = { version: 1, inputs: [], outputs: [], options: {}, origin: { file: "", node: "" } };
const program: TfliteProgram = { name: "m", tensors: [], inputs: [], outputs: [], operators: ["CONV_2D", "RELU", "FULLY_CONNECTED", "CONV_2D", "RESIZE_NEAREST_NEIGHBOR"].map((op) => ({ ...operator, op })) };

test("the array holds the file's bytes, in order", () => {
  const bytes = Uint8Array.from({ length: 40 }, (_, i) => (7 * i) & 255);
  const { source, header } = microSource(bytes, { program, name: "meter" });
  expect([...source.matchAll(/0x([0-9a-f]{2}),/g)].map(([, hex]) => Number.parseInt(hex ?? "", 16))).toEqual([...bytes]);
  expect(header).toContain("meter_bytes = 40;");
  expect(source).toContain("alignas(16)");
});

test("the resolver has each operator once, by the name of its method", () => {
  const { header, operators } = microSource(new Uint8Array(1), { program, name: "meter" });
  expect(operators).toEqual(["CONV_2D", "FULLY_CONNECTED", "RELU", "RESIZE_NEAREST_NEIGHBOR"]);
  expect(header).toContain("MicroMutableOpResolver<4>");
  for (const method of ["AddConv2D", "AddFullyConnected", "AddRelu", "AddResizeNearestNeighbor"]) expect(header.split(`resolver.${method}()`)).toHaveLength(2);
});
