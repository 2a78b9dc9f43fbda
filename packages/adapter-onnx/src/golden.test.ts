import { digest } from "@edgewise/adapter";
import { decodeImage } from "@edgewise/preprocess";
import { describe, expect, test } from "vitest";
import { goldenFiles, goldenVectors } from "./golden.ts";
import { portsOf } from "./ports.ts";
import { classesContract, emitInput, graphOf, randomRows, smallText, tensorContract, valueOrThrow } from "./testing/emit-case.ts";
import { examplePicture } from "./testing/example-picture.ts";

const graph = graphOf(smallText);
const ports = valueOrThrow(portsOf(graph, "small.onnx"));

describe("a picture", () => {
  test("is shipped as the user holds it, and decoded as the reference decodes it", () => {
    const png = examplePicture(5, 4, 1);
    const input = emitInput({ graph, precision: "float32", contract: classesContract, raw: [png] });
    const files = goldenFiles(goldenVectors(input, ports));
    expect(files.map(({ path }) => path)).toEqual(["golden/vector0.png", "golden/vector0.rgba", "golden/vector0.json"]);
    expect(files[0]?.bytes).toEqual(png);
    const rgb = valueOrThrow(decodeImage(png, "picture")).data;
    expect([...files[1]!.bytes].filter((_, i) => i % 4 < 3)).toEqual([...rgb]);
    expect([...files[1]!.bytes].filter((_, i) => i % 4 === 3)).toEqual(Array(20).fill(255));
  });

  test("of more than a million pixels starts at the model's input", () => {
    const input = emitInput({ graph, precision: "float32", contract: classesContract, raw: [examplePicture(1001, 1000, 1)] });
    const [vector] = goldenVectors(input, ports);
    expect(vector?.record.start).toEqual({ kind: "tensor", file: "golden/vector0.f32" });
    expect(vector?.files.at(-1)?.bytes).toEqual(input.golden[0]?.input);
  });
});

describe("numbers", () => {
  const row = randomRows(graph, 3, 1)[0]!;

  test.each(["float32", "float64"] as const)("in %s are told apart by their length", (type) => {
    const input = emitInput({ graph, precision: "float32", contract: tensorContract, raw: [row] });
    const wide = new Uint8Array(Float64Array.from(new Float32Array(row.slice().buffer)).buffer);
    const golden = input.golden.map((vector) => ({ ...vector, raw: { kind: "tensor" as const, bytes: type === "float32" ? row : wide } }));
    const [vector] = goldenVectors({ ...input, golden }, ports);
    expect(vector?.record.start).toEqual({ kind: "values", file: `golden/vector0.f${type.slice(-2)}`, type });
    expect(vector?.record.tensorSha256).toBe(digest(row));
    expect(vector?.record.answer).toBeNull();
  });
});
