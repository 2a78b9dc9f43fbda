export type { Adapter, AssessInput, EmitInput, GoldenVector } from "./adapter.ts";
export type { Bundle, BundleFile } from "./bundle.ts";
export { checkFiles } from "./check-files.ts";
export { digest } from "./digest.ts";
export { manifestText, sealBundle } from "./seal-bundle.ts";
export { encodeUtf8 } from "./text.ts";
