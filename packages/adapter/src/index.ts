export type { Adapter, AssessInput, EmitInput, GoldenVector, ModelFile } from "./adapter.ts";
export type { Bundle, BundleFile } from "./bundle.ts";
export { checkFiles } from "./check-files.ts";
export { costTable } from "./cost-table.ts";
export { digest } from "./digest.ts";
export { manifestText, sealBundle } from "./seal-bundle.ts";
export { staleFacts } from "./stale-facts.ts";
export { encodeUtf8, textFile } from "./text.ts";
