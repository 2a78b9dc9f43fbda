/** What a quantity measures; named after its base unit. */
export type Dimension = "bytes" | "ms" | "fraction" | "joules" | "usdPer1k";

/** Units by dimension, as factors to the base unit. KiB is 1024 bytes, kB is 1000. */
const units: Readonly<Record<Dimension, Readonly<Record<string, number>>>> = {
  bytes: { B: 1, kB: 1e3, MB: 1e6, GB: 1e9, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 },
  ms: { us: 1e-3, "µs": 1e-3, ms: 1, s: 1000, min: 60_000 },
  fraction: { "%": 0.01 },
  joules: { uJ: 1e-6, "µJ": 1e-6, mJ: 1e-3, J: 1, mWh: 3.6, Wh: 3600 },
  usdPer1k: { "USD/1k": 1, "USD/1M": 1e-3 },
};

export type Quantity =
  | { readonly ok: true; readonly value: number; readonly unit: string }
  | { readonly ok: false; readonly problem: "no-unit" | "unknown-unit" | "not-a-quantity"; readonly unit: string };

const pattern = /^([0-9][0-9_]*(?:\.[0-9]+)?(?:e[+-]?[0-9]+)?)\s*(\S.*)?$/i;

/** "200 KiB" → 204800 for bytes. A bare number is refused: what it counts would be a guess. */
export function parseQuantity(text: string, dimension: Dimension): Quantity {
  const match = pattern.exec(text.trim());
  const digits = match?.[1];
  if (digits === undefined) return { ok: false, problem: "not-a-quantity", unit: "" };
  const unit = match?.[2]?.trim();
  if (unit === undefined) return { ok: false, problem: "no-unit", unit: "" };
  const factor = new Map<string, number>(Object.entries(units[dimension])).get(unit);
  if (factor === undefined) return { ok: false, problem: "unknown-unit", unit };
  const number = Number(digits.replaceAll("_", ""));
  // Division by a whole number rounds once, so that 95 % is 0.95 and not a little more; 0.01 is rounded before it multiplies.
  return { ok: true, value: factor < 1 ? number / Math.round(1 / factor) : number * factor, unit };
}

export function unitsOf(dimension: Dimension): readonly string[] {
  return Object.keys(units[dimension]).filter((unit) => !unit.startsWith("µ"));
}
