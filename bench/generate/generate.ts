// Makes a monitoring database of any size, as Parsl would have written it.
//
//   deno run -P=dev bench/generate/generate.ts OUT.db [--tasks 10000] [--seed 1] [--shape stages] [--runs 1]
//     [--running FRACTION] [--indexes] [--node-reports each|changes]
//
// SHAPE is stages, chain, independent, random or wide. With --running 0.6 the last run is cut at
// 60 % of its time and not finished. With --indexes the file is as the hub writes it, with our
// indexes and in WAL mode.

import { parseArgs } from "node:util";
import { openConnection } from "../../store/sqlite/writer_connection.ts";
import { NewDatabase } from "./database.ts";
import { Random } from "./random.ts";
import { type RunSummary, writeRun } from "./rows.ts";
import { planOf, type Shape, SHAPES } from "./shapes.ts";
import { simulate } from "./simulation.ts";
import { Clock, SECOND } from "./time.ts";

export type { RunSummary, Shape };

export interface GenerateOptions {
  /** Tasks of each run, 1 or more. */
  tasks: number;
  seed?: number;
  shape?: Shape;
  /** Where to cut the last run, as a fraction of its time; without it all runs are finished. */
  running?: number;
  /** When the last run ends or is cut, in naive ms since 1970; without it a day long ago. */
  until?: number;
  /** Adds our tables and indexes and puts the file in WAL mode, as the hub does. */
  indexes?: boolean;
  runs?: number;
  /**
   * "each" has a node row for each dispatch and each result, as Parsl sends them, about two for a
   * try; "changes" only when a manager comes, goes or is lost.
   */
  nodeReports?: "each" | "changes";
}

export interface GenerateResult {
  path: string;
  runs: RunSummary[];
  /** Size of the file. */
  bytes: number;
  /** How long it took. */
  seconds: number;
}

/** When the first run begins: 2026-11-02 08:00, naive, in microseconds since 1970. */
const BEGINNING = Date.UTC(2026, 10, 2, 8) * 1000;

/**
 * Writes a new database. The same options give the same rows.
 *
 * @throws {Deno.errors.AlreadyExists} when there is a file at `path`
 * @throws {RangeError} when an option makes no sense
 */
export async function generate(path: string, options: GenerateOptions): Promise<GenerateResult> {
  const { tasks, seed = 1, shape = "stages", running, runs = 1 } = options;
  if (!(Number.isSafeInteger(tasks) && tasks > 0)) throw new RangeError("tasks must be 1 or more");
  if (!(Number.isSafeInteger(runs) && runs > 0)) throw new RangeError("runs must be 1 or more");
  if (!Number.isSafeInteger(seed)) throw new RangeError("the seed must be a whole number");
  if (running !== undefined && !(running > 0 && running < 1)) {
    throw new RangeError("running must be between 0 and 1");
  }
  const started = performance.now();
  const database = new NewDatabase(path);
  const summaries: RunSummary[] = [];
  let beginning = BEGINNING;
  for (let run = 0; run < runs; run++) {
    const random = new Random(seed * 1000 + run);
    const plan = planOf(shape, tasks, random);
    const schedule = simulate(plan, random, {
      chain: shape === "chain",
      everyNodeReport: options.nodeReports !== "changes",
    });
    const cut = running !== undefined && run === runs - 1
      ? Math.floor(schedule.end * running)
      : Infinity;
    if (options.until !== undefined && run === runs - 1) {
      beginning = Math.round(options.until * 1000) - Math.min(cut, schedule.end);
    }
    const identity = {
      runId: random.uuid(),
      name: `${shape}-${tasks}`,
      version: `v1.${run}`,
      rundir: `/scratch/ada/survey/runinfo/${String(run).padStart(3, "0")}`,
      seed: seed + run,
    };
    summaries.push(writeRun(database, schedule, identity, new Clock(beginning), cut));
    beginning += schedule.end + random.between(60 * SECOND, 7200 * SECOND);
  }
  database.close();
  if (options.indexes) (await openConnection(path)).close();
  return {
    path,
    runs: summaries,
    bytes: Deno.statSync(path).size,
    seconds: (performance.now() - started) / 1000,
  };
}

function number(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value)) {
    throw new RangeError(`--${name} takes a number`);
  }
  return value;
}

function oneOf<T extends string>(name: string, text: string | undefined, all: readonly T[]) {
  const found = all.find((value) => value === text);
  if (text !== undefined && found === undefined) {
    throw new RangeError(`--${name} is one of ${all.join(", ")}`);
  }
  return found;
}

if (import.meta.main) {
  const { values, positionals } = parseArgs({
    args: Deno.args,
    allowPositionals: true,
    options: {
      tasks: { type: "string" },
      seed: { type: "string" },
      shape: { type: "string" },
      runs: { type: "string" },
      running: { type: "string" },
      indexes: { type: "boolean" },
      "node-reports": { type: "string" },
    },
  });
  if (positionals.length !== 1) throw new RangeError("name the file to be written");
  const result = await generate(positionals[0], {
    tasks: number("tasks", values.tasks) ?? 10_000,
    seed: number("seed", values.seed),
    shape: oneOf("shape", values.shape, SHAPES),
    runs: number("runs", values.runs),
    running: number("running", values.running),
    indexes: values.indexes,
    nodeReports: oneOf("node-reports", values["node-reports"], ["each", "changes"] as const),
  });
  console.log(JSON.stringify(result, null, 2));
}
