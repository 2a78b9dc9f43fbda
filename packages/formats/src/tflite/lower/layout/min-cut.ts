/** A directed edge; `capacity` may be Infinity. */
export interface Edge {
  readonly from: number;
  readonly to: number;
  readonly capacity: number;
}

/**
 * The cheapest way to part a network: which vertices stay with the source when edges of least total capacity, from the
 * source's side to the sink's, are cut.
 *
 *   vertex 0 is the source, 1 the sink; of several cheapest cuts the one with the fewest vertices on the sink's side
 *
 * Augmenting paths, shortest first (Edmonds–Karp): at most |V| · |E| of them. Errors: none; an uncuttable network throws.
 * Source: Ford and Fulkerson 1956, doi.org/10.4153/CJM-1956-045-5; Edmonds and Karp 1972, doi.org/10.1145/321694.321699
 */
export function minCut(vertexCount: number, edges: readonly Edge[]): readonly boolean[] {
  const links = edges.flatMap(({ from, to, capacity }): Link[] => [{ to, left: capacity }, { to: from, left: 0 }]);
  const leaving = Array.from({ length: vertexCount }, (): number[] => []);
  edges.forEach(({ from, to }, i) => {
    leaving[from]?.push(2 * i);
    leaving[to]?.push(2 * i + 1);
  });
  for (let path = pathToSink({ links, leaving }); path !== null; path = pathToSink({ links, leaving })) {
    const flow = Math.min(...path.map((link) => links[link]?.left ?? 0));
    if (!Number.isFinite(flow)) throw new Error("invariant violated: source and sink are joined by an edge that cannot be cut");
    for (const link of path) {
      add(links[link], -flow);
      add(links[link ^ 1], flow);
    }
  }
  const near = reachesSink({ links, leaving });
  return near.map((reaches) => !reaches);
}

/** An edge or its reverse; what may still flow along it. Edge i is 2i, its reverse 2i + 1. */
interface Link {
  readonly to: number;
  left: number;
}

interface Network {
  readonly links: readonly Link[];
  readonly leaving: readonly (readonly number[])[];
}

function add(link: Link | undefined, flow: number): void {
  if (link) link.left += flow;
}

function pathToSink({ links, leaving }: Network): readonly number[] | null {
  const via: number[] = Array.from(leaving, () => -1);
  const queue = [0];
  for (let at = queue.shift(); at !== undefined && via[1] === -1; at = queue.shift()) {
    for (const link of leaving[at] ?? []) {
      const { to, left } = links[link] ?? { to: 0, left: 0 };
      if (left <= 0 || to === 0 || via[to] !== -1) continue;
      via[to] = link;
      queue.push(to);
    }
  }
  if (via[1] === -1) return null;
  const path: number[] = [];
  for (let at = 1; at !== 0; at = links[(via[at] ?? 0) ^ 1]?.to ?? 0) path.push(via[at] ?? 0);
  return path;
}

/** The vertices from which something could still flow to the sink. */
function reachesSink({ links, leaving }: Network): readonly boolean[] {
  const reaches = leaving.map((_, vertex) => vertex === 1);
  const queue = [1];
  for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
    for (const link of leaving[at] ?? []) {
      const from = links[link]?.to ?? 0;
      if (reaches[from] || (links[link ^ 1]?.left ?? 0) <= 0) continue;
      reaches[from] = true;
      queue.push(from);
    }
  }
  return reaches;
}
