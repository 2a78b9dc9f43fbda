import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";

const repository = fileURLToPath(new URL("../../../../package.json", import.meta.url));

const script = `
const { readFileSync } = require("node:fs");
const [path, input, dims, repository] = process.argv.slice(1);
const resident = () => { globalThis.gc(); return 1024 * Number(/VmRSS:\\s+(\\d+)/.exec(readFileSync("/proc/self/status", "utf8"))[1]); };
const before = resident();
const ort = require("node:module").createRequire(repository)("onnxruntime-node");
const shape = JSON.parse(dims);
const tensor = () => new ort.Tensor("float32", new Float32Array(shape.reduce((product, dim) => product * dim, 1)), shape);
(async () => {
  const session = await ort.InferenceSession.create(path, { executionMode: "sequential", intraOpNumThreads: 1, interOpNumThreads: 1 });
  for (let run = 0; run < 5; run++) await session.run({ [input]: tensor() });
  console.log(resident() - before);
})();
`;

/** Resident bytes that a process of its own gains by loading onnxruntime-node, opening a model and running it. Linux. */
export function residentBytes(model: { readonly path: string; readonly input: string; readonly shape: readonly number[] }): Promise<number> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, ["--expose-gc", "-e", script, model.path, model.input, JSON.stringify(model.shape), repository], (error, stdout) => {
      if (error === null) resolve(Number(stdout));
      else reject(error);
    });
  });
}
