import type { ValueId } from "@edgewise/graph";

/**
 * One value id for each tensor of a file, in the order of their indices.
 *
 *   the tensor's name, where it is not empty and no tensor before has it; else name#index, `tensor` standing for no name;
 *   with further # where that is some tensor's name, too
 */
export function tensorIds(names: readonly string[]): readonly ValueId[] {
  const all = new Set(names);
  const taken = new Set<string>();
  return names.map((name, index) => {
    let id = name;
    if (name === "" || taken.has(name)) {
      id = `${name || "tensor"}#${index}`;
      while (all.has(id) || taken.has(id)) id += "#";
    }
    taken.add(id);
    return id;
  });
}
