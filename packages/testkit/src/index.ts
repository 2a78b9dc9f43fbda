export { type Layer, type Recipe, type Window, anyCnn, anyRecipe, cnnText, randomCnn } from "./random-graph.ts";
export { normalized, rewritten } from "./pass-text.ts";
export { type Int8Layer, type Int8Recipe, anyInt8Cnn, anyInt8Recipe, int8CnnText, randomInt8Cnn } from "./random-int8.ts";
