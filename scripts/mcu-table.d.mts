/** README with its microcontroller table made anew from a parsed bench/results/mcu.json. */
export declare function withTable(readme: string, result: unknown): string;
export declare function readResult(): unknown;
