import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder, writeFiles } from "../testing/project.ts";
import { writeFileAtomic, writeFolderAtomic } from "./atomic.ts";
import { draftBeside } from "./draft.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** The process id of a program that has ended. */
function deadPid(): number {
  return spawnSync(process.execPath, ["-e", "0"]).pid;
}

describe("writeFileAtomic", () => {
  it("makes the folders above, replaces the file, and leaves nothing else", async () => {
    const root = temporaryFolder();
    const path = join(root, "a/b/file.txt");
    await writeFileAtomic(path, "one");
    await writeFileAtomic(path, bytes("two"));
    expect(readFileSync(path, "utf8")).toBe("two");
    expect(readdirSync(dirname(path))).toEqual(["file.txt"]);
  });

  it("leaves what was there, and no draft, when the rename is refused", async () => {
    const root = temporaryFolder();
    writeFiles(root, { "file.txt/inside": "kept" });
    await expect(writeFileAtomic(join(root, "file.txt"), "new")).rejects.toMatchObject({ code: "EISDIR" });
    expect(readdirSync(root)).toEqual(["file.txt"]);
    expect(readFileSync(join(root, "file.txt/inside"), "utf8")).toBe("kept");
  });

  it("takes away drafts of dead runs, and none of live ones", async () => {
    const root = temporaryFolder();
    const own = draftBeside(join(root, "x"));
    const dead = own.replace(`-${process.pid}-`, `-${deadPid()}-`);
    const elsewhere = dead.replace(/edgewise-[0-9a-f]{8}/, "edgewise-00000000");
    for (const path of [own, elsewhere]) writeFileSync(path, "draft");
    mkdirSync(dead);
    writeFileSync(join(dead, "part"), "of a folder");
    await writeFileAtomic(join(root, "file.txt"), "new");
    expect(readdirSync(root).sort()).toEqual([own, elsewhere, "file.txt"].map((path) => path.split("/").at(-1)).sort());
  });
});

describe("writeFolderAtomic", () => {
  it("replaces the whole folder: old files are gone, new ones are there", async () => {
    const root = temporaryFolder();
    const folder = join(root, "bundles/t");
    await writeFolderAtomic(folder, [{ path: "old/a", bytes: bytes("1") }, { path: "both", bytes: bytes("1") }]);
    await writeFolderAtomic(folder, [{ path: "new/b", bytes: bytes("2") }, { path: "both", bytes: bytes("2") }]);
    expect(readdirSync(folder, { recursive: true }).sort()).toEqual(["both", "new", "new/b"]);
    expect(readFileSync(join(folder, "both"), "utf8")).toBe("2");
    expect(readdirSync(dirname(folder))).toEqual(["t"]);
  });

  it("leaves the old folder, and no draft, when a file cannot be written", async () => {
    const root = temporaryFolder();
    const folder = join(root, "t");
    await writeFolderAtomic(folder, [{ path: "a", bytes: bytes("1") }]);
    await expect(writeFolderAtomic(folder, [{ path: "b", bytes: bytes("2") }, { path: "b/c", bytes: bytes("2") }])).rejects.toThrow();
    expect(readdirSync(root, { recursive: true }).sort()).toEqual(["t", "t/a"]);
  });

  it("ends whole, one or the other, when two runs write at once", async () => {
    const root = temporaryFolder();
    const folder = join(root, "t");
    const files = (text: string) => ["a", "b", "c"].map((path) => ({ path, bytes: bytes(text) }));
    for (let round = 0; round < 20; round++) {
      await Promise.allSettled([writeFolderAtomic(folder, files("one")), writeFolderAtomic(folder, files("two"))]);
      expect(readdirSync(root)).toEqual(["t"]);
      expect(new Set(["a", "b", "c"].map((path) => readFileSync(join(folder, path), "utf8"))).size).toBe(1);
    }
  });
});
