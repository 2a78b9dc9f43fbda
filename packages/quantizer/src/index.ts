export type { Runner } from "./runner.ts";
