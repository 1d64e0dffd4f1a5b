/** Markdown tables and numbers for people. */

/** Prints a table; the first column is text, the others are numbers. */
export function table(head: string[], rows: string[][]): void {
  const widths = head.map((title, i) =>
    Math.max(title.length, ...rows.map((row) => row[i].length))
  );
  const line = (cells: string[]) => {
    const padded = cells.map((cell, i) =>
      i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i])
    );
    console.log(`| ${padded.join(" | ")} |`);
  };
  line(head);
  line(widths.map((width, i) => i === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`));
  for (const row of rows) line(row);
  console.log("");
}

/** A whole number with separators; `unknown` when there is none. */
export function whole(value: number | null): string {
  return value === null ? "unknown" : Math.round(value).toLocaleString("en");
}

export function seconds(value: number): string {
  return `${value.toFixed(2)} s`;
}

export function mebibytes(value: number): string {
  return `${value.toFixed(0)} MiB`;
}

/** How many times the second the first is. */
export function ratio(ours: number, theirs: number): string {
  if (theirs === 0) return "–";
  const value = ours / theirs;
  return `${value >= 10 ? Math.round(value) : value.toFixed(1)}×`;
}
