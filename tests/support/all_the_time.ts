// Layouts of the DAG give up after a second or so and leave the graph to a plain one. Tests ask what
// is laid out, not how fast: here layouts have all the time that they need.

/** Takes the limit of layouts away, in a page (as its init script) or in this process. */
export function allTheTime(): void {
  const scope = globalThis as unknown as {
    setTimeout: (act: unknown, ms?: number, ...rest: unknown[]) => number;
  };
  const { setTimeout } = scope;
  // The limit is a timer that ends the layout with these words.
  scope.setTimeout = (act, ms, ...rest) =>
    setTimeout(act, String(act).includes("the layout took too long") ? 600_000 : ms, ...rest);
}
