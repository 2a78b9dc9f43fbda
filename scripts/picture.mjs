// Draws docs/plan.svg from the lock of the main example: every candidate of every target, placed by what its target
// prefers first, coloured by its first reason. Run: node scripts/picture.mjs
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./toolchain.mjs";

const lock = JSON.parse(readFileSync(join(root, "examples/meter-reading/plan.lock.json"), "utf8"));

const kinds = [
  { id: "chosen", label: "chosen", fill: "#0f9d58" },
  { id: "outranked", label: "fits, but is larger", fill: "#9aa7b5" },
  { id: "accuracy", label: "too inaccurate", fill: "#d64545" },
  { id: "unproven", label: "not provable on this data", fill: "#f0a93b" },
  { id: "limit", label: "over another budget", fill: "#8b4fc8" },
  { id: "unknown", label: "a cost is unknown", fill: "#c9b458" },
  { id: "policy", label: "excluded by the plan", fill: "#4a76c9" },
];

function kindOf({ reasons }) {
  const [reason] = reasons;
  if (reason === undefined) return "chosen";
  switch (reason.kind) {
    case "outranked": case "tied": case "not-evaluated": return "outranked";
    case "too-few-samples": return "unproven";
    case "out-of-reach": return "accuracy";
    case "violates-policy": return "policy";
    case "unknown-cost": case "unknown-region": case "not-assessed": return "unknown";
    case "over-limit": return reason.budget.key === "accuracy" || reason.budget.key === "drop" ? "accuracy" : "limit";
    default: return "limit";
  }
}

const unit = {
  bytes: (value) => value >= 1024 ** 2 ? `${(value / 1024 ** 2).toPrecision(3)} MiB` : `${(value / 1024).toPrecision(3)} KiB`,
  ms: (value) => value >= 1 ? `${value.toPrecision(3)} ms` : `${(value * 1000).toPrecision(3)} µs`,
  usd: (value) => `${(value * 1000).toPrecision(2)} USD/1M`,
};
const show = { ram: unit.bytes, flash: unit.bytes, bundle: unit.bytes, latency: unit.ms, cost: unit.usd };

const WIDTH = 1000, LEFT = 235, RIGHT = 40, TOP = 78, DOT = 5.5;
/** Of a row: the least height of its dots, and what is above and below them. */
const LEAST_DOTS = 50, ABOVE = 20, BELOW = 48;
const escape = (text) => String(text).replace(/[&<>]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[c]);

/** The row of a target from `top` down; returns its drawing and where the next one starts. */
function row({ target, device, choice, rejected, prefer }, top) {
  const key = prefer.order.find((name) => show[name]) ?? "bundle";
  const verdicts = [...rejected, ...(choice ? [choice] : [])].filter(({ costs }) => costs[key] !== undefined);
  const values = verdicts.map(({ costs }) => costs[key].expected);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const x = (value) => LEFT + 20 + (high === low ? 0.5 : Math.log(value / low) / Math.log(high / low)) * (WIDTH - LEFT - RIGHT - 40);
  const placed = [];
  const positions = verdicts.map((verdict) => ({ verdict, kind: kindOf(verdict), cx: x(verdict.costs[key].expected) }))
    .sort((a, b) => a.cx - b.cx || (a.verdict.candidate.id < b.verdict.candidate.id ? -1 : 1))
    .map(({ verdict, kind, cx }) => {
      let level = 0;
      while (placed.some((other) => other.level === level && Math.abs(other.cx - cx) < 2 * DOT + 1)) level += 1;
      placed.push({ cx, level });
      return { verdict, kind, cx, level };
    });
  const base = top + ABOVE + Math.max(LEAST_DOTS, (2 * DOT + 1) * Math.max(0, ...placed.map(({ level }) => level)) + 2 * DOT);
  const dots = positions.map(({ verdict, kind, cx, level }) => {
    const { candidate } = verdict;
    const fill = kinds.find(({ id }) => id === kind).fill;
    const ring = kind === "chosen" ? ` stroke="#0b3d24" stroke-width="2"` : "";
    return `<circle cx="${cx.toFixed(1)}" cy="${(base - level * (2 * DOT + 1)).toFixed(1)}" r="${kind === "chosen" ? DOT + 1.5 : DOT}" fill="${fill}"${ring}><title>${escape(`${candidate.variant} ${candidate.resolution.heightPx}x${candidate.resolution.widthPx} ${candidate.precision} on ${candidate.runtime}/${candidate.backend}: ${show[key](verdict.costs[key].expected)}, ${kind}`)}</title></circle>`;
  });
  const named = choice ? `${choice.candidate.variant} ${choice.candidate.resolution.heightPx}×${choice.candidate.resolution.widthPx} ${choice.candidate.precision}` : "nothing fits";
  const { accuracy } = choice?.costs ?? {};
  const drawing = [
    `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${base + 10}" y2="${base + 10}" stroke="#d5dbe1"/>`,
    `<text x="24" y="${base - 26}" class="target">${escape(target)}</text>`,
    `<text x="24" y="${base - 8}" class="small">${escape(device)}</text>`,
    `<text x="24" y="${base + 12}" class="choice">${escape(named)}</text>`,
    `<text x="${LEFT}" y="${base + 26}" class="axis">${key}: ${show[key](low)}</text>`,
    `<text x="${WIDTH - RIGHT}" y="${base + 26}" class="axis" text-anchor="end">${show[key](high)}</text>`,
    accuracy ? `<text x="${(LEFT + WIDTH - RIGHT) / 2}" y="${base + 26}" class="axis" text-anchor="middle">chosen: ${show[key](choice.costs[key].expected)}, accuracy ${(accuracy.expected * 100).toFixed(1)} % (at least ${(accuracy.low * 100).toFixed(1)} %)</text>` : "",
    ...dots,
  ].join("\n");
  return { drawing, bottom: base + BELOW };
}

const { deployments } = lock.plan;
const candidates = deployments.reduce((sum, { rejected, choice }) => sum + rejected.length + (choice ? 1 : 0), 0);
const rows = [];
let bottom = TOP;
for (const deployment of deployments) {
  const made = row(deployment, bottom);
  rows.push(made.drawing);
  bottom = made.bottom;
}
const height = Math.round(bottom + 24);
let legendX = 24;
const legend = kinds.map(({ label, fill }) => {
  const item = `<circle cx="${legendX + 6}" cy="50" r="${DOT}" fill="${fill}"/><text x="${legendX + 17}" y="54" class="small">${label}</text>`;
  legendX += 30 + label.length * 5.9;
  return item;
});
writeFileSync(join(root, "docs/plan.svg"), `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" font-family="system-ui, sans-serif">
<style>.title{font-size:17px;font-weight:600;fill:#1d2733}.target{font-size:16px;font-weight:600;fill:#1d2733}.small{font-size:12px;fill:#5b6875}.choice{font-size:13px;font-weight:600;fill:#0b6b3c}.axis{font-size:11px;fill:#5b6875}</style>
<rect width="100%" height="100%" fill="#ffffff"/>
<text x="24" y="28" class="title">One plan.yaml, ${deployments.length} targets, ${candidates} candidates: each chosen, or with its reason</text>
${legend.join("\n")}
${rows.join("\n")}
</svg>
`);
console.log(`docs/plan.svg: ${deployments.length} targets, ${candidates} candidates`);
