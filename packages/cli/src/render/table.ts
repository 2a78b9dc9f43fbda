import { stripVTControlCharacters } from "node:util";

/** Columns padded to their widest cell; numbers (`align: "right"`) end together. */
export function renderTable(
  columns: readonly { readonly title: string; readonly align?: "left" | "right" }[], rows: readonly (readonly string[])[],
): string {
  const width = (text: string): number => [...stripVTControlCharacters(text)].length;
  const all = [columns.map(({ title }) => title), ...rows];
  const widths = columns.map((_, index) => Math.max(...all.map((row) => width(row[index] ?? ""))));
  const line = (row: readonly string[]): string => columns.map(({ align }, index) => {
    const cell = row[index] ?? "";
    const pad = " ".repeat((widths[index] ?? 0) - width(cell));
    return align === "right" ? pad + cell : cell + pad;
  }).join("  ").trimEnd();
  return `${[line(all[0] ?? []), line(widths.map((count) => "-".repeat(count))), ...rows.map(line)].join("\n")}\n`;
}
