/**
 * One block of working memory. Steps are whole numbers; the block is needed from `firstUse` to `lastUse`, both included.
 */
export interface ArenaBuffer {
  readonly id: string;
  readonly bytes: number;
  readonly firstUse: number;
  readonly lastUse: number;
  /** Offset is a multiple of this; 1 when left out. */
  readonly alignmentBytes?: number;
  /**
   * Blocks that die in the step where this one is born, and that it may lie over. Its kernel walks both forward: the
   * block must not start after the partner, and at most `overlapBytes` of its end may lie over the partner's start.
   * An element-wise op of equal element size may overlap with all its bytes.
   */
  readonly inPlaceWith?: readonly InPlacePartner[];
}

export interface InPlacePartner {
  readonly id: string;
  readonly overlapBytes: number;
  /** The block lies over the partner from its very start, or not at all: a kernel that replaces each element by its own result. */
  readonly sameStart?: boolean;
}

export interface ArenaPlan {
  /** Byte offset by buffer id. */
  readonly offsets: ReadonlyMap<string, number>;
  /** End of the highest block. */
  readonly peakBytes: number;
}

/** Offsets strictly between `low` and `high` are forbidden for a block, because of one placed neighbour. */
export interface Forbidden {
  readonly low: number;
  readonly high: number;
}

export function aliveTogether(a: ArenaBuffer, b: ArenaBuffer): boolean {
  return a.firstUse <= b.lastUse && b.firstUse <= a.lastUse;
}

/** How `output` may lie over `input`; null when the pair may not overlap at all. */
function partnership(output: ArenaBuffer, input: ArenaBuffer): InPlacePartner | null {
  if (input.lastUse !== output.firstUse || input.firstUse >= output.firstUse) return null;
  return output.inPlaceWith?.find((candidate) => candidate.id === input.id) ?? null;
}

/** How far `output` may reach over `input`; null when the pair may not overlap at all. */
export function overlapAllowed(output: ArenaBuffer, input: ArenaBuffer): number | null {
  const partner = partnership(output, input);
  return partner === null ? null : Math.min(partner.sameStart === true ? input.bytes : partner.overlapBytes, output.bytes);
}

/** Where `block` may not start while `placed` lies at `offset`; empty when the two never meet. */
export function forbiddenBy(block: ArenaBuffer, placed: ArenaBuffer, offset: number): readonly Forbidden[] {
  if (block.bytes === 0 || placed.bytes === 0 || !aliveTogether(block, placed)) return [];
  const low = offset - block.bytes;
  const high = offset + placed.bytes;
  const asOutput = partnership(block, placed);
  const asInput = partnership(placed, block);
  if (asOutput?.sameStart === true || asInput?.sameStart === true) return [{ low, high: offset }, { low: offset, high }];
  const before = overlapAllowed(block, placed);
  if (before !== null) return [{ low: Math.max(low, Math.min(offset, offset + before - block.bytes)), high }];
  const after = overlapAllowed(placed, block);
  if (after !== null) return [{ low, high: Math.min(high, Math.max(offset, offset + placed.bytes - after)) }];
  return [{ low, high }];
}

/** Whether two placed blocks respect each other. */
export function compatible(a: ArenaBuffer, b: ArenaBuffer, offsets: ReadonlyMap<string, number>): boolean {
  const at = offsets.get(a.id) ?? 0;
  return forbiddenBy(a, b, offsets.get(b.id) ?? 0).every(({ low, high }) => at <= low || at >= high);
}

/**
 * Bytes that no placement can avoid: the largest sum of blocks alive in one step, less what blocks born in that step may
 * lie over dying partners.
 */
export function maxLiveBytes(buffers: readonly ArenaBuffer[]): number {
  const byId = new Map(buffers.map((buffer) => [buffer.id, buffer]));
  let most = 0;
  for (const step of new Set(buffers.map((buffer) => buffer.firstUse))) {
    let live = 0;
    for (const buffer of buffers) {
      if (buffer.firstUse > step || buffer.lastUse < step) continue;
      live += buffer.bytes - (buffer.firstUse === step ? savedBytes(buffer, byId) : 0);
    }
    most = Math.max(most, live);
  }
  return most;
}

function savedBytes(output: ArenaBuffer, byId: ReadonlyMap<string, ArenaBuffer>): number {
  let saved = 0;
  for (const { id } of output.inPlaceWith ?? []) {
    const input = byId.get(id);
    if (input) saved += Math.min(overlapAllowed(output, input) ?? 0, input.bytes);
  }
  return Math.min(saved, output.bytes);
}
