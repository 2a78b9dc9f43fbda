export type { Adapter, AssessInput, EmitInput, GoldenVector } from "./adapter.ts";
export type { Bundle, BundleFile } from "./bundle.ts";
export { digest } from "./digest.ts";
