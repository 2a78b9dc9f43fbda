export interface NetworkCount {
  readonly prefix: string;
  /** Instructions between the markers, and of each function among them. */
  readonly total: number;
  readonly functions: readonly { readonly name: string; readonly instructions: number }[];
}

export interface NetworksOnCore {
  readonly folder: string;
  /** C and assembly, relative to `folder`. */
  readonly sources: readonly string[];
  readonly prefixes: readonly string[];
  readonly core: string;
}

export function countNetworks(about: NetworksOnCore): readonly NetworkCount[];
