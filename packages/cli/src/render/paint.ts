export type Paint = (style: "bold" | "dim" | "red" | "green" | "yellow" | "cyan", text: string) => string;

const codes = { bold: [1, 22], dim: [2, 22], red: [31, 39], green: [32, 39], yellow: [33, 39], cyan: [36, 39] } as const;

/** Colours where the terminal takes them; NO_COLOR and pipes get plain text. */
export function painter(color: boolean): Paint {
  return (style, text) => color ? `\u001B[${codes[style][0]}m${text}\u001B[${codes[style][1]}m` : text;
}
