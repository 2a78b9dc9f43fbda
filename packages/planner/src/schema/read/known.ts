import { z } from "zod";
import { PlanDocument } from "../document.ts";
import type { KeyPath } from "./locate.ts";

interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
}

function step(schema: JsonSchema, key: string | number): readonly JsonSchema[] {
  const inner = (schema.anyOf ?? []).flatMap((option) => step(option, key));
  if (typeof key === "number") return schema.items === undefined ? inner : [schema.items, ...inner];
  const property = schema.properties?.[key];
  if (property !== undefined) return [property, ...inner];
  return typeof schema.additionalProperties === "object" ? [schema.additionalProperties, ...inner] : inner;
}

function keys(schema: JsonSchema): readonly string[] {
  return [...Object.keys(schema.properties ?? {}), ...(schema.anyOf ?? []).flatMap(keys)];
}

/** JSON Schema of plan.yaml, for editors. */
export function planJsonSchema(): Readonly<Record<string, unknown>> {
  return { ...z.toJSONSchema(PlanDocument), $id: "plan.schema.json" };
}

/** Keys that may stand under `path` in plan.yaml. */
export function knownKeys(path: KeyPath): readonly string[] {
  let schemas: readonly JsonSchema[] = [z.toJSONSchema(PlanDocument) as JsonSchema];
  for (const key of path) schemas = schemas.flatMap((schema) => step(schema, key));
  return [...new Set(schemas.flatMap(keys))];
}
