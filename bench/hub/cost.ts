// What monitoring costs a workflow: the same program of short tasks without any, with Parsl's own,
// and with our client and hub, in turns.
//
//   deno run -P=dev bench/hub/cost.ts [--tasks 10000] [--rounds 3] [--executor threads|htex]
//       [--interval 0] [--sides none,parsl,client,datagrams]
//
// The interval is the seconds between two samples of a task, 0 for none.
//
// PARSLOSCOPE_PARSL_VENV  a venv with parsl[monitoring] (`deno task test` makes one)

import { parseArgs } from "node:util";
import { findParsl, venvPython } from "../../tests/support/parsl.ts";
import { fromFileUrl } from "../../tests/support/paths.ts";
import { ROOT } from "../../tests/support/server.ts";
import { table, whole } from "./table.ts";

const EXECUTORS = ["threads", "htex"] as const;
type Executor = typeof EXECUTORS[number];

const SIDES = {
  none: "no monitoring",
  parsl: "Parsl's own",
  client: "client and hub",
  datagrams: "client and hub, workers by UDP",
} as const;
type Side = keyof typeof SIDES;

type Rows = Record<"workflow" | "task" | "try" | "status" | "resource", number>;

/** What one run of the program took; all but the rows in seconds. */
interface Run {
  loaded: number;
  results: number;
  end: number;
  submit: number;
  hub: number;
  others: number;
  rows: Rows | null;
}

async function measure(
  venv: string,
  side: Side,
  executor: Executor,
  tasks: number,
  interval: number,
): Promise<Run> {
  const folder = await Deno.makeTempDir({ prefix: "parsloscope-cost-" });
  try {
    const python = venvPython(venv);
    const { success, stdout, stderr } = await new Deno.Command(python, {
      args: [
        "-B",
        fromFileUrl(new URL("cost_program.py", import.meta.url)),
        side,
        executor,
        String(tasks),
        String(interval),
        folder,
      ],
      cwd: folder,
      env: {
        PATH: `${python.slice(0, python.lastIndexOf("/"))}:${Deno.env.get("PATH") ?? ""}`,
        PYTHONPATH: `${ROOT}clients/python`,
        PARSLOSCOPE:
          `'${Deno.execPath()}' run -q --no-prompt -P=hub --config '${ROOT}deno.json' '${ROOT}main.ts'`,
      },
      stdin: "null",
    }).output();
    if (!success) throw new Error(new TextDecoder().decode(stderr));
    const lines = new TextDecoder().decode(stdout).trim().split("\n");
    return JSON.parse(lines[lines.length - 1]) as Run;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Rows that a run without any loss has, but for samples. */
function expected(executor: Executor, tasks: number): number {
  // pending, launched, exec_done; with workers that report also running and running_ended.
  const states = executor === "htex" ? 5 : 3;
  return 1 + tasks * (2 + states);
}

function recorded({ rows }: Run): number {
  return rows === null ? 0 : rows.workflow + rows.task + rows.try + rows.status;
}

function report(
  runs: Map<Side, Run[]>,
  executor: Executor,
  tasks: number,
  interval: number,
): void {
  const base = runs.get("none") ?? [];
  const rounds = base.length;
  const columns: [string, (run: Run) => number][] = [
    ["all results", (run) => run.results],
    ["end of cleanup", (run) => run.end],
    ["CPU, submit process", (run) => run.submit],
    ["CPU, its children", (run) => run.others],
    ["CPU, hub", (run) => run.hub],
    ["CPU, all", (run) => run.submit + run.others + run.hub],
  ];
  console.log(
    `${whole(tasks)} tasks, ${executor}, a sample each ${interval} s, ` +
      `median of ${rounds} rounds, load ${Deno.loadavg()[0].toFixed(1)} at the end, ` +
      "in seconds and times no monitoring\n",
  );
  table(
    ["", ...[...runs.keys()].map((side) => SIDES[side])],
    [
      ...columns.map(([name, of]) => {
        const reference = median(base.map(of));
        return [name, ...[...runs.values()].map((side) => shown(median(side.map(of)), reference))];
      }),
      [
        "rows after cleanup, least",
        ...[...runs].map(([side, all]) => {
          if (side === "none") return "–";
          return `${whole(Math.min(...all.map(recorded)))} of ${whole(expected(executor, tasks))}`;
        }),
      ],
    ],
  );
}

/** What it takes to pack one call for a worker, where nobody else works. */
async function packing(venv: string): Promise<void> {
  const { stdout } = await new Deno.Command(venvPython(venv), {
    args: ["-B", fromFileUrl(new URL("cost_packing.py", import.meta.url))],
    env: { PYTHONPATH: `${ROOT}clients/python` },
    stdin: "null",
    stderr: "inherit",
  }).output();
  const found = JSON.parse(new TextDecoder().decode(stdout)) as Record<string, number>[];
  console.log("\nPacking one call, median of five times 2,000\n");
  table(
    ["", "no monitoring", "Parsl's", "ours"],
    found.map((row) => [
      String(row.app),
      ...["none", "parsl", "ours"].map((side) =>
        `${(row[side] * 1000).toFixed(3)} ms, ${whole(row[side + "_bytes"])} bytes`
      ),
    ]),
  );
}

function shown(value: number, reference: number): string {
  const ratio = reference > 0.05 ? ` (${(value / reference).toFixed(2)}×)` : "";
  return `${value.toFixed(2)}${ratio}`;
}

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) fail(`${name} takes a whole number above 0`);
  return value;
}

function fail(reason: string): never {
  console.error(reason);
  Deno.exit(2);
}

/** Runs the program with each side in turn, and prints a table. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      tasks: { type: "string", default: "10000" },
      rounds: { type: "string", default: "3" },
      executor: { type: "string", default: "threads" },
      interval: { type: "string", default: "0" },
      sides: { type: "string" },
    },
  });
  const tasks = positive("--tasks", values.tasks);
  const rounds = positive("--rounds", values.rounds);
  const interval = Number(values.interval);
  if (!(interval >= 0)) fail("--interval takes a number of seconds");
  const executor = EXECUTORS.find((name) => name === values.executor);
  if (executor === undefined) fail(`--executor takes ${EXECUTORS.join(" or ")}`);
  const venv = await findParsl();
  if (venv === null) fail("no Python with Parsl; name a venv in PARSLOSCOPE_PARSL_VENV");

  const possible: Side[] = executor === "htex"
    ? ["none", "parsl", "client", "datagrams"]
    : ["none", "parsl", "client"];
  const chosen = values.sides?.split(",") ?? possible;
  const sides = possible.filter((side) => chosen.includes(side));
  if (sides.length !== chosen.length) fail(`--sides takes ${possible.join(", ")}`);
  const runs = new Map<Side, Run[]>(sides.map((side) => [side, []]));
  for (let round = 0; round < rounds; round++) {
    // Each begins a round in its turn.
    for (let i = 0; i < sides.length; i++) {
      const side = sides[(i + round) % sides.length];
      const run = await measure(venv, side, executor, tasks, interval);
      runs.get(side)?.push(run);
      console.error(`round ${round + 1}, ${SIDES[side]}: ${run.end.toFixed(1)} s`);
    }
  }
  report(runs, executor, tasks, interval);
  await packing(venv);
}

if (import.meta.main) await main();
