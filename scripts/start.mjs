import { installAndBuild, run } from "./toolchain.mjs";

installAndBuild();
const plan = (...args) => run("node", ["packages/cli/bin/plan.mjs", ...args, "--cwd", "examples/meter-reading"]);
for (const verb of ["make", "emit", "check"]) {
  console.log(`\n$ npm run -s plan -- ${verb} --cwd examples/meter-reading`);
  const status = plan(verb);
  if (status !== 0) process.exit(status);
}
console.log("\nNext: npm run -s plan -- explain --cwd examples/meter-reading, or npm run -s plan -- init --cwd <folder with your model.onnx>.");
