/** docs/runtimes.md. */
export declare const page: string;
/** The page with its tables made anew from the parsed results, by file in bench/results. */
export declare function withTables(page: string, results: Readonly<Record<string, unknown>>): string;
export declare function readResults(): Readonly<Record<string, unknown>>;
