import type { FunctionDeclarationStructure, InterfaceDeclarationStructure, OptionalKind } from "ts-morph";

export type FunctionPart = OptionalKind<FunctionDeclarationStructure>;
export type InterfacePart = OptionalKind<InterfaceDeclarationStructure>;

/** A piece of the generated module; pieces are joined in order. */
export interface ModulePart {
  readonly constants?: readonly ConstantPart[];
  readonly interfaces?: readonly InterfacePart[];
  readonly functions?: readonly FunctionPart[];
}

export interface ConstantPart {
  readonly name: string;
  readonly type?: string;
  readonly value: string;
  readonly doc?: string;
  readonly exported?: boolean;
}

/** "data: Uint8Array" → a parameter; a default follows "=". */
export function parameters(...written: readonly string[]): { name: string; type: string; initializer?: string }[] {
  return written.map((text) => {
    const [, name = "", type = "", initializer] = /^(\w+): (.*?)(?: = (.*))?$/.exec(text) ?? [];
    return { name, type, ...(initializer === undefined ? {} : { initializer }) };
  });
}
