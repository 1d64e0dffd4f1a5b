/**
 * How long the DAG of a run takes: condensing it, tallying its states again, and how much there is
 * to draw. Runs are made in memory in the shapes of bench/generate/generate.ts, or read from databases.
 *
 *     deno run -P=dev --v8-flags=--expose-gc bench/model/dag.ts [--tasks 10000,100000,1000000] [DIRECTORY]
 *
 * With a DIRECTORY all runs of all databases in it are measured, and no others.
 */
import { parseArgs } from "node:util";
import type { DagView } from "../../model/dag/view.ts";
import { runDag, runDagView } from "../../model/dag/run.ts";
import { criticalPath } from "../../model/dag/critical_path.ts";
import { cellBytes } from "../../model/dag/cells.ts";
import { openedDagView } from "../../model/dag/open.ts";
import { emptyRows, type RunRows } from "../../model/run/rows.ts";
import { relatives } from "../../model/dag/relatives.ts";
import { Run } from "../../model/run/run.ts";
import { openCatalog } from "../../live/runs/open_catalog.ts";
import { workflowRow } from "./fold_rows.ts";
import { Random } from "../generate/random.ts";
import { planOf, type Shape, SHAPES } from "../generate/shapes.ts";

const STATES = ["pending", "launched", "running", "running_ended", "exec_done"];
const SECOND = 1000;

/** A run of a shape whose tasks are in all states, the first ones done. */
function shapedRun(shape: Shape, tasks: number): Run {
  const run = new Run(workflowRow(false));
  const random = new Random(1);
  const plan = planOf(shape, tasks, random);
  const began = run.began;
  for (let from = 0; from < tasks; from += 5000) {
    const rows: RunRows = emptyRows();
    for (let task = from; task < Math.min(tasks, from + 5000); task++) {
      const launched = began + task;
      const running = launched + random.between(1, 2 * SECOND);
      const ended = running + random.lognormal(30 * SECOND, 1);
      const steps = task < tasks * 0.9 ? STATES.length : random.between(1, STATES.length);
      rows.tasks.push({
        taskId: task,
        app: plan.appOf(task).name,
        depends: plan.dependenciesOf(task).join(","),
        invoked: launched,
        returned: null,
        failCost: 0,
        memoize: false,
      });
      rows.tries.push({
        taskId: task,
        tryId: 0,
        blockId: "0",
        hostname: `node${random.between(0, 99)}`,
        executor: "htex",
        launched,
        running: steps > 2 ? running : null,
        returned: steps > 3 ? ended : null,
        failHistory: "",
        joins: null,
      });
      for (const [i, time] of [began, launched, running, ended, ended].entries()) {
        if (i < steps) rows.statuses.push({ taskId: task, tryId: 0, state: STATES[i], time });
      }
    }
    run.fold(rows);
  }
  return run;
}

/** News of one task's state. */
function touch(run: Run): void {
  const taskId = run.tasks - 1;
  const rows = emptyRows();
  rows.statuses.push({ taskId, tryId: 0, state: "pending", time: run.began });
  run.fold(rows);
}

function timed<T>(job: () => T): [T, number] {
  const began = performance.now();
  const result = job();
  return [result, performance.now() - began];
}

/** The middle time of five, in ms; `before` each of them something is done that does not count. */
function median(job: () => unknown, before = () => {}): number {
  const times = Array.from({ length: 5 }, () => {
    before();
    return timed(job)[1];
  });
  return times.sort((a, b) => a - b)[2];
}

function line(...cells: (string | number)[]): void {
  const words = cells.map((cell) => typeof cell === "number" ? cell.toFixed(0) : cell);
  console.log(words.map((cell, i) => i === 0 ? cell.padEnd(44) : cell.padStart(10)).join(""));
}

const collect = (globalThis as { gc?: () => void }).gc ?? (() => {});

function measure(name: string, run: Run): void {
  collect();
  collect();
  const before = Deno.memoryUsage();
  const [{ structure }, condensed] = timed(() => runDag(run));
  const [view, first] = timed(() => runDagView(run, "states"));
  const again = median(() => runDagView(run, "states"), () => touch(run));
  const middle = run.taskId.data[run.tasks >> 1];
  relatives(run, middle);
  const related = median(() => relatives(run, middle));
  const critical = median(() => criticalPath(run), () => touch(run));
  const largest = view.nodes.reduce((most, node) => sizeOf(node) > sizeOf(most) ? node : most);
  const cells = median(() => cellBytes(run, largest.id, "states"));
  const [, opened] = timed(() => openedDagView(run, largest.id, "states"));
  collect();
  const after = Deno.memoryUsage();
  const size = after.external + after.heapUsed - before.external - before.heapUsed;
  line(
    name,
    run.tasks,
    view.dependencies,
    condensed,
    structure ? String(structure.level) : "tasks",
    view.nodes.length,
    view.edges.length,
    JSON.stringify(view).length,
    first,
    again,
    related,
    critical,
    cells,
    opened,
    size / 2 ** 20,
  );
}

function sizeOf(node: DagView["nodes"][number]): number {
  return node.kind === "group" ? node.count : 1;
}

/** Measures the runs of a directory, or made ones. */
async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    args: Deno.args,
    allowPositionals: true,
    options: { tasks: { type: "string" }, shape: { type: "string" } },
  });

  line(
    ...["", "tasks", "deps", "condense", "level", "groups", "edges", "JSON"],
    ...["1st view", "tick", "related", "critical", "cells", "open", "MiB kept"],
  );
  if (positionals.length > 0) {
    const paths = [...Deno.readDirSync(positionals[0])].map(({ name }) => name)
      .filter((name) => name.endsWith(".db")).sort();
    for (const path of paths) {
      const catalog = await openCatalog([`${positionals[0]}/${path}`]);
      for (const { workflow } of await catalog.workflows()) {
        const followed = await catalog.run(workflow.runId);
        if (followed && followed.run.tasks > 0) measure(`${path} ${workflow.name}`, followed.run);
      }
      catalog.close();
    }
  } else {
    for (const tasks of (values.tasks ?? "10000,100000,1000000").split(",").map(Number)) {
      for (const shape of SHAPES) {
        if (values.shape === undefined || values.shape === shape) {
          measure(shape, shapedRun(shape, tasks));
        }
      }
    }
  }
}

if (import.meta.main) await main();
