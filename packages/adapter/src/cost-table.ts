import type { EmitInput } from "./adapter.ts";

/** What a deployment is expected to cost on its device, as a table of Markdown; empty where nothing is known. */
export function costTable({ device, costs }: Pick<EmitInput, "device" | "costs">): string {
  const rows = Object.entries(costs).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, estimate]) => `| ${key} | ${figure(key, estimate.expected)} | ${figure(key, estimate.low)} to ${figure(key, estimate.high)} | ${estimate.basis} |`);
  return rows.length === 0 ? "" : `
| expected on ${device.name} | | interval | basis |
|---|---|---|---|
${rows.join("\n")}
`;
}

/** A cost in the unit of its budget. */
function figure(key: string, value: number): string {
  switch (key) {
    case "accuracy": case "drop": case "delegate": return `${(100 * value).toFixed(2)} %`;
    case "latency": return `${value.toPrecision(3)} ms`;
    case "ram": case "flash": case "bundle": return `${(value / 1024).toFixed(1)} KiB`;
    case "energy": return `${value.toPrecision(3)} J`;
    case "cost": return `${value.toPrecision(3)} USD/1k`;
    default: return String(value);
  }
}
