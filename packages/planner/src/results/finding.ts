/** One line of what a run showed: a promise beside what was found. */
export interface Finding {
  readonly what: string;
  readonly promised: string;
  readonly found: string;
  /** Null: for information, nothing was promised. */
  readonly holds: boolean | null;
}
