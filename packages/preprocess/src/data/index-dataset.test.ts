import { zipSync } from "fflate";
import { encode } from "fast-png";
import type { Result } from "@edgewise/graph";
import { describe, expect, test } from "vitest";
import { memoryPort } from "../testing/memory-port.ts";
import { npyBytes } from "../testing/npy-bytes.ts";
import type { Dataset } from "./dataset.ts";
import { indexDataset } from "./index-dataset.ts";
import { openSamples } from "./open-samples.ts";

type Files = Readonly<Record<string, Uint8Array | string>>;

const empty = new Uint8Array();
const labels = ["cat", "dog"];

function indexed(files: Files, kind: "image" | "tensor" = "image", names: readonly string[] | null = labels): Promise<Result<Dataset>> {
  return indexDataset({ port: memoryPort(files), kind, labels: names });
}

function codes(result: Result<Dataset>): readonly string[] {
  return (result.ok ? result.warnings : result.errors).map(({ code }) => code);
}

function pairs(result: Result<Dataset>): readonly (readonly [string, number | null])[] {
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return result.value.samples.map(({ id, label }) => [id, label]);
}

function floats(...values: readonly number[]): Uint8Array {
  return new Uint8Array(Float32Array.from(values).buffer);
}

describe("pictures in folders", () => {
  test("the folder is the class; other files are passed over", async () => {
    const result = await indexed({ "cat/a.png": empty, "cat/deep/b.JPG": empty, "dog/c.jpeg": empty, "dog/readme.txt": empty });
    expect(pairs(result)).toEqual([["cat/a.png", 0], ["cat/deep/b.JPG", 0], ["dog/c.jpeg", 1]]);
    expect(codes(result)).toEqual([]);
  });

  test("an unknown folder is named once, with the nearest label", async () => {
    const result = await indexed({ "cta/a.png": empty, "cta/b.png": empty, "dog/c.png": empty });
    expect(result).toMatchObject({ ok: false, errors: [{ code: "LABEL_UNKNOWN", found: "cta", subject: { path: "data/cta" } }] });
    expect(!result.ok && result.errors[0]!.fix).toContain("cat");
  });

  test("a class without samples and files outside folders are warnings", async () => {
    expect(codes(await indexed({ "cat/a.png": empty, "x.png": empty }))).toEqual(["DATA_STRAY", "CLASS_EMPTY"]);
  });

  test("flat pictures are samples where labels do not matter, and a mistake where they do", async () => {
    expect(pairs(await indexed({ "a.png": empty, "b.png": empty }, "image", null))).toEqual([["a.png", null], ["b.png", null]]);
    expect(codes(await indexed({ "a.png": empty }))).toEqual(["DATA_UNLABELLED"]);
  });

  test("folders of any name serve where labels do not matter", async () => {
    expect(pairs(await indexed({ "zebra/a.png": empty }, "image", null))).toEqual([["zebra/a.png", null]]);
  });

  test("no samples is a mistake", async () => {
    expect(codes(await indexed({ "readme.txt": empty }))).toEqual(["DATA_EMPTY"]);
  });
});

describe("manifests", () => {
  const pictures = { "img/a.png": empty, "img/b.png": empty };

  test("CSV and JSON lines list files and labels, by name or by number", async () => {
    const expected = [["img/a.png", 1], ["img/b.png", 0]];
    expect(pairs(await indexed({ ...pictures, "list.csv": "file,label\nimg/a.png,dog\n\"img/b.png\",0\n" }))).toEqual(expected);
    expect(pairs(await indexed({ ...pictures, "list.jsonl": "{\"file\":\"img/a.png\",\"label\":\"dog\"}\n{\"file\":\"./img/b.png\",\"label\":0}\n" }))).toEqual(expected);
  });

  test.each(["../a.png", "/etc/a.png", "img/../../a.png", "c:\\a.png", "img\\a.png", ""])("the path %j leaves the folder and is refused", async (path) => {
    expect(codes(await indexed({ ...pictures, "list.jsonl": JSON.stringify({ file: path, label: "cat" }) }))).toContain("MANIFEST_PATH");
  });

  test("missing files, missing labels, unknown labels, repeated files and broken lines are all named with their line", async () => {
    const result = await indexed({ ...pictures, "list.csv": "file,label\nimg/z.png,cat\nimg/a.png,\nimg/b.png,bird\nimg/b.png,cat\n" });
    expect(codes(result)).toEqual(["FILE_NOT_FOUND", "DATA_UNLABELLED", "MANIFEST_INVALID", "LABEL_UNKNOWN"]);
    expect(!result.ok && result.errors[0]!.subject).toMatchObject({ path: "data/list.csv", line: 2 });
    expect(codes(await indexed({ ...pictures, "list.csv": "file,label\nimg/a.png\n" }))).toEqual(["MANIFEST_INVALID"]);
    expect(codes(await indexed({ ...pictures, "list.jsonl": "{\"label\":1}" }))).toEqual(["MANIFEST_INVALID"]);
  });

  test("two candidates are ambiguous", async () => {
    expect(codes(await indexed({ ...pictures, "a.csv": "file,label\n", "b.csv": "file,label\n" }))).toEqual(["DATA_AMBIGUOUS"]);
  });
});

describe("numbers", () => {
  const contract = { kind: "tensor", scale: [1], offset: [0] } as const;

  async function inputs(files: Files, names: readonly string[] | null = labels): Promise<readonly (readonly number[])[]> {
    const port = memoryPort(files);
    const dataset = await indexDataset({ port, kind: "tensor", labels: names });
    if (!dataset.ok) throw new Error(JSON.stringify(dataset.errors));
    const reader = openSamples(dataset.value, port);
    return Promise.all(dataset.value.samples.map(async (sample) => {
      const tensor = await reader.input(sample, { contract, shape: [1, 2] });
      if (!tensor.ok) throw new Error(JSON.stringify(tensor.errors));
      return Array.from(tensor.value.data, Number);
    }));
  }

  const table = { "d.csv": "a,label,b\n1,dog,2\n3,cat,4.5\n" };
  const arrays = { "x.npy": npyBytes("<f4", [2, 2], floats(1, 2, 3, 4.5)), "y.npy": npyBytes("|u1", [2], Uint8Array.of(1, 0)) };

  test("table, array pair and archive give the same samples", async () => {
    for (const files of [table, arrays, { "d.npz": zipSync(arrays) }]) {
      expect(pairs(await indexed(files, "tensor")).map(([, label]) => label)).toEqual([1, 0]);
      expect(await inputs(files)).toEqual([[1, 2], [3, 4.5]]);
    }
  });

  test("arrays one file a sample lie in folders of their class", async () => {
    const files = { "cat/1.npy": npyBytes("<f4", [2], floats(1, 2)), "dog/2.npy": npyBytes("<f4", [1, 2], floats(3, 4)) };
    expect(await inputs(files)).toEqual([[1, 2], [3, 4]]);
  });

  test("a y of more than class numbers is a target", async () => {
    const files = { ...arrays, "y.npy": npyBytes("<f4", [2, 3], floats(1, 2, 3, 4, 5, 6)) };
    const port = memoryPort(files);
    const dataset = await indexDataset({ port, kind: "tensor", labels: [] });
    if (!dataset.ok) throw new Error(JSON.stringify(dataset.errors));
    const target = await openSamples(dataset.value, port).target(dataset.value.samples[1]!);
    expect(target).toMatchObject({ ok: true, value: { shape: [1, 3], data: Float32Array.of(4, 5, 6) } });
    expect(codes(await indexed(files, "tensor"))).toEqual(["DATA_UNLABELLED"]);
  });

  test("different lengths of x and y, and an archive without x, are mistakes", async () => {
    expect(codes(await indexed({ ...arrays, "y.npy": npyBytes("|u1", [3], Uint8Array.of(1, 0, 1)) }, "tensor"))).toEqual(["DATA_LENGTHS"]);
    expect(codes(await indexed({ "d.npz": zipSync({ "z.npy": arrays["x.npy"] }) }, "tensor"))).toEqual(["DATA_MISSING_X"]);
  });

  test("a single file is a data set; its kind is in its name", async () => {
    const result = await indexDataset({ port: memoryPort({ "": table["d.csv"] }, "eval.csv"), kind: "tensor", labels });
    expect(pairs(result)).toEqual([["eval.csv#0", 1], ["eval.csv#1", 0]]);
  });

  test("text among the numbers, and a wrong count, are diagnostics of that row", async () => {
    const port = memoryPort({ "d.csv": "a,b,label\n1,x,cat\n" });
    const dataset = await indexDataset({ port, kind: "tensor", labels: null });
    if (!dataset.ok) throw new Error(JSON.stringify(dataset.errors));
    const reader = openSamples(dataset.value, port);
    expect(await reader.input(dataset.value.samples[0]!, { contract, shape: [1, 2] })).toMatchObject({ ok: false, errors: [{ code: "ROW_NUMBER" }] });
    expect(await reader.input(dataset.value.samples[0]!, { contract, shape: [1, 3] })).toMatchObject({ ok: false, errors: [{ code: "ROW_LENGTH" }] });
  });
});

describe("openSamples", () => {
  const contract = { kind: "image", color: "rgb", layout: "nchw", scale: [1], offset: [0], resize: { filter: "area", fit: "stretch", crop: null, pad: 0 } } as const;

  test("the model's input decides the size; colour or layout that cannot fit is named", async () => {
    const port = memoryPort({ "a.png": encode({ width: 4, height: 2, channels: 3, data: new Uint8Array(24).fill(9) }), "b.png": empty });
    const dataset = await indexDataset({ port, kind: "image", labels: null });
    if (!dataset.ok) throw new Error(JSON.stringify(dataset.errors));
    const reader = openSamples(dataset.value, port);
    const [a, b] = dataset.value.samples;
    expect(await reader.input(a!, { contract, shape: [1, 3, 1, 2] })).toMatchObject({ ok: true, value: { data: new Float32Array(6).fill(9) } });
    expect(await reader.input(a!, { contract, shape: [1, 1, 2, 3] })).toMatchObject({ ok: false, errors: [{ code: "INPUT_SHAPE" }] });
    expect(await reader.input(b!, { contract, shape: [1, 3, 1, 2] })).toMatchObject({ ok: false, errors: [{ code: "IMAGE_UNKNOWN", subject: { path: "data/b.png" } }] });
  });

  test("content differs between rows and not between labels", async () => {
    const contents = async (text: string): Promise<readonly string[]> => {
      const port = memoryPort({ "d.csv": text });
      const dataset = await indexDataset({ port, kind: "tensor", labels: null });
      if (!dataset.ok) throw new Error(JSON.stringify(dataset.errors));
      const reader = openSamples(dataset.value, port);
      return Promise.all(dataset.value.samples.map(async (sample) => {
        const content = await reader.content(sample);
        return content.ok ? content.value.join() : "failed";
      }));
    };
    const [one, two] = await contents("a,label\n1,cat\n2,cat\n");
    expect(one).not.toBe(two);
    expect(await contents("a,label\n1,dog\n2,cat\n")).toEqual([one, two]);
  });
});
