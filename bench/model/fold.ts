/**
 * How fast and how small a Run is, and how long each view of it takes: the first time, again, and
 * after a small fold. Rows are made in memory, so no database is measured.
 *
 *     deno run -P=dev --v8-flags=--expose-gc bench/model/fold.ts [tasks…]
 */
import { Run } from "../../model/run/run.ts";
import { parseTaskQuery, tasksCsvParts } from "../../model/tasks/table.ts";
import { dagPageView } from "../../model/views/dag.ts";
import { resourcesView } from "../../model/views/resources.ts";
import { summaryView } from "../../model/views/summary.ts";
import { taskView } from "../../model/views/task.ts";
import { tasksView } from "../../model/views/tasks.ts";
import { slices, workflowRow } from "./fold_rows.ts";

const NOW = Date.UTC(2026, 0, 3);
const SIZES = Deno.args.length > 0 ? Deno.args.map(Number) : [10_000, 100_000, 1_000_000];
const NO_TEXT = {
  hashsum: null,
  inputs: null,
  outputs: null,
  stdin: null,
  stdout: null,
  stderr: null,
};

function tasks(run: Run, query: string): object | null {
  return tasksView(run, NOW, parseTaskQuery(new URLSearchParams(query)), null);
}

const VIEWS: Record<string, (run: Run) => object | null> = {
  "summary": (run) => summaryView(run, NOW),
  "tasks": (run) => tasks(run, ""),
  "tasks, sort id desc": (run) => tasks(run, "order=desc"),
  "tasks, sort ran desc": (run) => tasks(run, "sort=ran&order=desc"),
  "tasks, sort returned, page 99": (run) => tasks(run, "sort=returned&page=99"),
  "tasks, sort memory": (run) => tasks(run, "sort=memory"),
  "tasks, sort host": (run) => tasks(run, "sort=host"),
  "tasks, failed": (run) => tasks(run, "state=failed"),
  "tasks, search align node7": (run) => tasks(run, "q=align+node7"),
  "tasks, search 4711": (run) => tasks(run, "q=4711"),
  "tasks, search done, sort ran": (run) => tasks(run, "q=done&sort=ran"),
  "one task": (run) =>
    taskView(run, NOW, run.tasks >> 1, { text: NO_TEXT, tries: [], statuses: [], resources: [] }),
  "resources": (run) => resourcesView(run, NOW),
  "DAG": (run) => dagPageView(run, NOW, "states"),
};

function timed(job: () => unknown): number {
  const began = performance.now();
  job();
  return performance.now() - began;
}

function megabytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(0)} MiB`;
}

function line(...cells: string[]): void {
  console.log(cells.map((cell, i) => i === 0 ? cell.padEnd(32) : cell.padStart(12)).join(""));
}

const collect = (globalThis as { gc?: () => void }).gc ?? (() => {});

/** Measures each size. */
function main(): void {
  for (const size of SIZES) {
    collect();
    const before = Deno.memoryUsage().rss;
    const run = new Run(workflowRow(false));
    let rows = 0;
    let time = 0;
    let longest = 0;
    let peak = 0;
    for (const [slice, count] of slices(0, size)) {
      const took = timed(() => run.fold(slice));
      rows += count;
      time += took;
      longest = Math.max(longest, took);
      if (rows % 100_000 < count) peak = Math.max(peak, Deno.memoryUsage().rss);
    }
    collect();
    const { rss } = Deno.memoryUsage();
    console.log(
      `\n${size} tasks, ${rows} rows: ${Math.round(rows / time)} rows/ms, ${time.toFixed(0)} ms, ` +
        `slice of 20,000 rows at most ${longest.toFixed(0)} ms\n` +
        `run.bytes ${megabytes(run.bytes)}, ${(run.bytes / size).toFixed(0)} a task; ` +
        `RSS ${megabytes(before)} before, ${megabytes(Math.max(peak, rss))} at most, ${
          megabytes(rss)
        } after`,
    );
    line("view, ms", "first", "again", "after fold", "JSON bytes", "RSS");
    let next = size;
    for (const [name, view] of Object.entries(VIEWS)) {
      const first = timed(() => view(run));
      const again = timed(() => view(run));
      for (const [slice] of slices(next, next + 110)) run.fold(slice);
      next += 110;
      const after = timed(() => view(run));
      const bytes = JSON.stringify(view(run)).length;
      const now = megabytes(Deno.memoryUsage().rss);
      line(name, first.toFixed(1), again.toFixed(1), after.toFixed(1), String(bytes), now);
    }
    const all = Array.from({ length: Math.min(run.tasks, 100_000) }, (_, i) => i);
    const csv = timed(() => {
      for (const _part of tasksCsvParts(run, all));
    });
    line("CSV, ms per 1,000 lines", (csv / (all.length / 1000)).toFixed(1));
    line("RSS after the views", megabytes(Deno.memoryUsage().rss));
  }
}

if (import.meta.main) main();
