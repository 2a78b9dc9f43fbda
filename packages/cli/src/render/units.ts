/** Bytes with a binary unit, three significant digits: 204800 → "200 KiB". */
export function bytes(count: number): string {
  const units = ["B", "KiB", "MiB", "GiB"];
  let value = count;
  let index = 0;
  while (value >= 1024 && index < units.length - 1) {
    value /= 1024;
    index += 1;
  }
  return `${significant(value)} ${units[index]}`;
}

export function milliseconds(ms: number): string {
  return ms >= 1000 ? `${significant(ms / 1000)} s` : ms >= 1 ? `${significant(ms)} ms` : `${significant(ms * 1000)} µs`;
}

export function percent(fraction: number): string {
  return `${(fraction * 100).toFixed(2)} %`;
}

/** 1234567 → "1.23 M": counts of operations and parameters. */
export function count(value: number): string {
  const step = [[1e9, " G"], [1e6, " M"], [1e3, " k"]] as const;
  const unit = step.find(([size]) => value >= size);
  return unit === undefined ? significant(value) : `${significant(value / unit[0])}${unit[1]}`;
}

function significant(value: number): string {
  const text = value >= 100 ? value.toFixed(0) : value.toPrecision(3);
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}
