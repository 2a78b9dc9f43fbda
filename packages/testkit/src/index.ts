export { type Layer, type Recipe, type Window, anyCnn, anyRecipe, cnnText, randomCnn } from "./random-graph.ts";
export { normalized, rewritten } from "./pass-text.ts";
