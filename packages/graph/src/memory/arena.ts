import { invariant } from "../invariant.ts";
import { type ArenaBuffer, type ArenaPlan, type Forbidden, forbiddenBy, maxLiveBytes } from "./buffer.ts";

/** Placements tried by the exact search; keeps planning of any model under ten milliseconds. */
const SEARCH_PLACEMENTS = 5_000;
/** Above this, the tree of orders is far beyond the budget and the search only repeats the greedy answer. */
const SEARCH_BUFFERS = 24;
/** Rounds of moving the block that makes the peak to the front. */
const PROMOTION_ROUNDS = 64;

/**
 * Offsets for blocks whose lifetimes are known, with a small peak.
 *
 *   1. greedy: place blocks in several orders (by bytes, by bytes × life, by life, by birth, by pressure of the step), each
 *      at the lowest free offset and again in the tightest gap; keep the lowest peak
 *   2. promote: place the block on top of the peak first, and try again
 *   3. exact: search the orders depth first within a budget, cutting what cannot beat the best. Some order with lowest
 *      offsets is optimal: the order of the offsets of an optimal placement.
 *
 * Stops at `maxLiveBytes`, which nothing beats. Depends on the set of buffers, not on their order. Ids must be unique.
 * Sources: Pisarchyk and Lee 2020, arxiv.org/abs/2001.03288 (greedy by size, by breadth); Moffitt 2023 (TelaMalloc),
 * doi.org/10.1145/3567955.3567961 (promotion).
 */
export function planArena(buffers: readonly ArenaBuffer[]): ArenaPlan {
  const sorted = [...buffers].sort((a, b) => (a.id < b.id ? -1 : 1));
  sorted.forEach((buffer, i) => invariant(buffer.id !== sorted[i + 1]?.id, `two buffers are called ${buffer.id}`));
  // Working memory of a single step finds room beside whatever lies well without it; searched together, it only hides the good orders.
  const lasting = sorted.filter(({ firstUse, lastUse }) => firstUse < lastUse);
  const best = lasting.length < sorted.length ? better(bestOrder(sorted), place([...bestOrder(lasting).order, ...bySize(sorted.filter((each) => !lasting.includes(each)))], "lowest")) : bestOrder(sorted);
  return { offsets: new Map(sorted.map(({ id }) => [id, best.offsets.get(id) ?? 0])), peakBytes: best.peakBytes };
}

function bestOrder(sorted: readonly ArenaBuffer[]): Placed {
  const floor = maxLiveBytes(sorted);
  let best = greedy(sorted, floor);
  if (best.peakBytes > floor) best = promote(best, floor);
  if (best.peakBytes > floor && sorted.length <= SEARCH_BUFFERS) best = search(best, floor);
  return best;
}

function better(a: Placed, b: Placed): Placed {
  return b.peakBytes < a.peakBytes ? b : a;
}

function bySize(buffers: readonly ArenaBuffer[]): readonly ArenaBuffer[] {
  return [...buffers].sort((a, b) => compareKeys([-a.bytes, a.firstUse], [-b.bytes, b.firstUse]));
}

/** A plan, and the order of placement that made it. */
interface Placed extends ArenaPlan {
  readonly order: readonly ArenaBuffer[];
}

type Fit = "lowest" | "tightest";

function greedy(sorted: readonly ArenaBuffer[], floor: number): Placed {
  let best = place(sorted, "lowest");
  for (const order of ordersOf(sorted)) {
    for (const fit of ["lowest", "tightest"] as const) {
      if (best.peakBytes === floor) return best;
      const plan = place(order, fit);
      if (plan.peakBytes < best.peakBytes) best = plan;
    }
  }
  return best;
}

function ordersOf(sorted: readonly ArenaBuffer[]): readonly (readonly ArenaBuffer[])[] {
  const life = (b: ArenaBuffer): number => b.lastUse - b.firstUse + 1;
  const pressure = pressureOf(sorted);
  const keys: readonly ((b: ArenaBuffer) => readonly number[])[] = [
    (b) => [-b.bytes, -life(b), b.firstUse],
    (b) => [-b.bytes * life(b), -b.bytes],
    (b) => [-life(b), -b.bytes],
    (b) => [b.firstUse, -b.bytes],
    (b) => [-b.lastUse, -b.bytes],
    (b) => [-(pressure.get(b.id) ?? 0), -b.bytes, b.firstUse],
    (b) => [-(pressure.get(b.id) ?? 0), -life(b), -b.bytes],
  ];
  return keys.map((key) => [...sorted].sort((a, b) => compareKeys(key(a), key(b))));
}

/** Bytes alive in the fullest step of each block's life. */
function pressureOf(sorted: readonly ArenaBuffer[]): ReadonlyMap<string, number> {
  const steps = [...new Set(sorted.map((b) => b.firstUse))];
  const load = steps.map((step) => ({
    step,
    bytes: sorted.reduce((sum, b) => (b.firstUse <= step && step <= b.lastUse ? sum + b.bytes : sum), 0),
  }));
  return new Map(sorted.map((b) => [b.id, load.reduce((most, at) => (b.firstUse <= at.step && at.step <= b.lastUse ? Math.max(most, at.bytes) : most), 0)]));
}

function compareKeys(a: readonly number[], b: readonly number[]): number {
  for (const [i, x] of a.entries()) {
    const difference = x - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function place(order: readonly ArenaBuffer[], fit: Fit): Placed {
  const offsets = new Map<string, number>();
  const placed: ArenaBuffer[] = [];
  let peakBytes = 0;
  for (const block of order) {
    const offset = findOffset({ block, placed, offsets, fit });
    offsets.set(block.id, offset);
    placed.push(block);
    peakBytes = Math.max(peakBytes, offset + block.bytes);
  }
  return { order, offsets, peakBytes };
}

interface Finding {
  readonly block: ArenaBuffer;
  readonly placed: readonly ArenaBuffer[];
  readonly offsets: ReadonlyMap<string, number>;
  readonly fit: Fit;
}

/** Lowest free aligned offset, or the one whose free gap is smallest (ties: lowest; the open end counts as endless). */
function findOffset({ block, placed, offsets, fit }: Finding): number {
  if (block.bytes === 0) return 0;
  const alignment = block.alignmentBytes ?? 1;
  const forbidden: Forbidden[] = [];
  for (const neighbour of placed) forbidden.push(...forbiddenBy(block, neighbour, offsets.get(neighbour.id) ?? 0));
  forbidden.sort((a, b) => a.low - b.low);
  let cursor = 0;
  let tightest: { readonly offset: number; readonly slack: number } | null = null;
  for (const { low, high } of forbidden) {
    if (cursor <= low) {
      if (fit === "lowest") return cursor;
      if (tightest === null || low - cursor < tightest.slack) tightest = { offset: cursor, slack: low - cursor };
    }
    if (cursor < high) cursor = Math.ceil(high / alignment) * alignment;
  }
  return tightest === null ? cursor : tightest.offset;
}

function promote(start: Placed, floor: number): Placed {
  let best = start;
  let order = start.order;
  for (let round = 0; round < PROMOTION_ROUNDS && best.peakBytes > floor; round++) {
    const plan = place(order, "lowest");
    if (plan.peakBytes < best.peakBytes) best = plan;
    const top = order.findLastIndex((b) => (plan.offsets.get(b.id) ?? 0) + b.bytes === plan.peakBytes);
    const block = order[top];
    if (block === undefined || top === 0) break;
    order = [block, ...order.slice(0, top), ...order.slice(top + 1)];
  }
  return best;
}

function search(start: Placed, floor: number): Placed {
  let best = start;
  let budget = SEARCH_PLACEMENTS;
  const offsets = new Map<string, number>();
  const placed: ArenaBuffer[] = [];
  const candidates = [...start.order];
  const descend = (peakBytes: number): void => {
    if (placed.length === candidates.length) {
      best = { order: [...placed], offsets: new Map(offsets), peakBytes };
      return;
    }
    for (const block of candidates) {
      if (offsets.has(block.id)) continue;
      if (budget-- <= 0 || best.peakBytes === floor) return;
      const offset = findOffset({ block, placed, offsets, fit: "lowest" });
      const next = Math.max(peakBytes, offset + block.bytes);
      if (next >= best.peakBytes) continue;
      offsets.set(block.id, offset);
      placed.push(block);
      descend(next);
      placed.pop();
      offsets.delete(block.id);
    }
  };
  descend(0);
  return best;
}
