import { mkdirSync, writeFileSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "vitest";
import { measureBundle } from "../../../../bench/mcu/harness.mjs";
import { mlperf, libraryOf } from "./mlperf.ts";
test("mix", async () => {
  for (const [name, load] of Object.entries(mlperf)) {
    if (!name.endsWith(".tflite")) continue;
    for (const set of ["dsp", "portable"] as const) {
    const { graph } = await load();
    const bundle = await libraryOf(graph, "armv7e-m", set);
    const folder = `/tmp/est/mix-${name}-${set}`;
    for (const { path, bytes } of bundle.files) { mkdirSync(dirname(join(folder, path)), { recursive: true }); writeFileSync(join(folder, path), bytes); }
    const m = measureBundle({ folder, core: "m4", runs: 1, keep: `${folder}/keep` });
    const text = readFileSync(`${folder}/keep/annotated.txt`, "utf8").split("\n");
    let cycles = 0, n = 0, prev = "";
    let loads = 0;
    text.forEach((line, i) => {
      const g = /^\s*(\d+)\s+([0-9a-f]+):\s+(\S+)\s*(.*)$/.exec(line);
      if (!g) return;
      const count = Number(g[1]); const op = g[3]!; const args = g[4]!;
      n += count;
      let c = 1;
      const regs = (/\{(.*)\}/.exec(args)?.[1] ?? "").split(",").reduce((s, r) => { const q = /r(\d+)-r(\d+)/.exec(r); return s + (q ? Number(q[2]) - Number(q[1]) + 1 : 1); }, 0);
      if (/^ldrd|^strd/.test(op)) c = 3;
      else if (/^ldm|^stm|^push|^pop/.test(op)) c = 1 + regs;
      else if (/^ldr/.test(op)) c = prev.startsWith("ldr") && !prev.startsWith("ldrd") ? 1 : 2;
      else if (/^(b|b[a-z]{2}|cbz|cbnz)(\.n|\.w)?$/.test(op) && !/^(bic|bfi)/.test(op)) {
        const next = /^\s*(\d*)\s+([0-9a-f]+):/.exec(text[i + 1] ?? "");
        const fall = /^b(\.n|\.w)?$/.test(op) ? 0 : Math.min(count, Number(next?.[1] || 0));
        cycles += (count - fall) * 1.5; // taken: refill of the pipeline, 1 to 3
      } else if (/^bl|^bx/.test(op)) c = 3;
      else if (/^[su]div/.test(op)) c = 6;
      cycles += count * c; prev = op;
      if (/^ld/.test(op)) loads += count;
    });
    console.log(name, set, m.instructions, n, "cpi0", (cycles / n).toFixed(3), "loads", (loads / n).toFixed(3));
    }
  }
}, 300_000);
