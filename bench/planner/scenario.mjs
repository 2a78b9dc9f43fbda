/** One scenario, planned once in its own process, as `plan make` does: prints times, candidates and the largest resident size as JSON. */
import { plan } from "../../packages/planner/dist/index.js";
import { planningInput } from "./input.mjs";

const input = planningInput(process.argv[2]);
const before = process.cpuUsage();
const start = performance.now();
const { deployments, wanted } = plan(input);
const ms = Math.round(performance.now() - start);
const { user, system } = process.cpuUsage(before);
process.stdout.write(JSON.stringify({
  candidates: deployments.reduce((sum, { choice, rejected }) => sum + rejected.length + (choice === null ? 0 : 1), 0),
  chosen: deployments.filter(({ choice }) => choice !== null).length,
  wanted: wanted.length,
  ms,
  cpuMs: Math.round((user + system) / 1000),
  maxRssBytes: process.resourceUsage().maxRSS * 1024,
}));
