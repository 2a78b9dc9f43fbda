import { OpError } from "../../op.ts";

/** What `ask` answers; null where an op refuses its operands. Such a node is the user's mistake, and stays for others to report. */
export function understood<T>(ask: () => T): T | null {
  try {
    return ask();
  } catch (error) {
    if (error instanceof OpError) return null;
    throw error;
  }
}
