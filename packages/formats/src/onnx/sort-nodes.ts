/** Anything with inputs and outputs by name. */
interface Wired {
  readonly inputs: readonly (string | null)[];
  readonly outputs: readonly string[];
}

/**
 * Nodes in an order in which each comes after its producers; nodes that already stand so keep their order. Null when they
 * form a cycle.
 */
export function sortNodes<T extends Wired>(nodes: readonly T[]): readonly T[] | null {
  const producer = new Map<string, number>();
  nodes.forEach((node, index) => node.outputs.forEach((id) => producer.set(id, index)));
  const state = new Uint8Array(nodes.length); // 0 not seen, 1 on the path, 2 placed
  const sorted: T[] = [];
  for (let start = 0; start < nodes.length; start++) {
    const path = [start];
    while (path.length > 0) {
      const index = path[path.length - 1] ?? 0;
      const node = nodes[index];
      if (node === undefined || state[index] === 2) {
        path.pop();
        continue;
      }
      state[index] = 1;
      const before = node.inputs.flatMap((id) => {
        const at = id === null ? undefined : producer.get(id);
        return at === undefined || state[at] === 2 ? [] : [at];
      });
      if (before.some((at) => state[at] === 1)) return null;
      if (before.length > 0) {
        path.push(...before.reverse());
        continue;
      }
      state[index] = 2;
      sorted.push(node);
      path.pop();
    }
  }
  return sorted;
}
