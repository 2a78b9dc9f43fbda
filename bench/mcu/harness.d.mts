/** What was measured of one bundle on one core. Bytes; instructions of the costliest run and of each. */
export interface Measured {
  readonly prefix: string;
  readonly core: string;
  readonly flashBytes: number;
  readonly codeBytes: number;
  readonly staticBytes: number;
  readonly arenaBytes: number;
  readonly stackBytes: number;
  readonly ramBytes: number;
  readonly instructions: number;
  readonly instructionsPerRun: readonly number[];
  readonly functions: readonly { readonly name: string; readonly instructions: number }[];
  readonly mnemonics: Readonly<Record<string, number>>;
  readonly libraries: readonly { readonly library: string; readonly object: string; readonly bytes: number }[];
  readonly outputs: readonly Int8Array[];
}

export interface BundleOnCore {
  readonly folder: string;
  readonly core: string;
  readonly flags?: readonly string[];
  readonly keep?: string;
}

export function measureBundle(about: BundleOnCore & { readonly runs?: number }): Measured;
export function runSelfTest(about: BundleOnCore): number | null;
export function toolVersions(): { readonly gcc: string; readonly qemu: string };
