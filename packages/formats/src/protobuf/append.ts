import { type Cursor, WireError } from "./wire.ts";

/** Appends, up to a limit; beyond it the file is refused. */
export function appendTo<T>(list: T[], limit: { readonly most: number; readonly what: string; readonly at: Cursor }): (item: T) => void {
  return (item) => {
    if (list.length >= limit.most) throw new WireError("limit", `more than ${limit.most} ${limit.what}`, limit.at.start);
    list.push(item);
  };
}
