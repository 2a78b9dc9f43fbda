#!/usr/bin/env node
import { main } from "../dist/index.js";

// A reader that has seen enough (`plan devices | head`) closes the pipe: nothing is left to say.
process.stdout.on("error", (error) => {
  if (error.code !== "EPIPE") throw error;
  process.exit();
});
process.exitCode = await main(process.argv.slice(2));
