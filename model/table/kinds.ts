/** What kinds of values the tables of pages show, and what each is where nothing is drawn. */
import type { WorkerName } from "../run/own_rows.ts";
import type { Measured } from "../run/measured.ts";
import { type CsvCell, csvTime } from "./csv.ts";

/** What a value of each kind is; null is unknown. */
export interface KindValues {
  text: string | null;
  link: { href: string; text: string };
  count: number | null;
  /** A count that may still change while its run is being read. */
  readCount: number | null;
  /** A count that ought to be nothing. */
  badCount: number;
  /** A count that is worth a look only when it is not nothing. */
  calmCount: number;
  /** Naive ms. */
  time: number | null;
  /** When something was, naive ms, and for how many ms it has been over. */
  ago: { time: number; since: number };
  /** Milliseconds. */
  duration: number | null;
  seconds: number | null;
  bytes: number | null;
  /** What was used of something, and whether the system itself told it. */
  measured: Measured;
  /** The process that ran a try. */
  worker: WorkerName | null;
  /** From 0 to 1. */
  share: number | null;
  /** A task's state by Parsl's name. */
  state: string;
  /** How many tasks are in each state, of `total`. */
  states: { counts: readonly { name: string; count: number }[]; total: number };
  /** The name of an app of the page's run. */
  app: string;
  /** The id of a task of the page's run. */
  task: number;
  /** What a task depends on: the first ids, and how many more there are. */
  dependencies: { taskId: number; ids: readonly number[]; more: number };
  /** A run, by what its pages are named by. */
  run: { id: string; name: string };
  /** The id of a run. */
  runId: string;
  /** How a run stands; of one that goes on the ms since its newest row. */
  runStatus: { status: "running" | "completed" | "failed" | "lost"; silence: number | null };
  /** How many tasks of a run failed. */
  runFailures: { id: string; tasks: number | null };
  /** A run as the hub knows it; linked where its pages are served. */
  hubRun: { id: string; name: string; linked: boolean };
  /** The newest status of a block, and every change of it. */
  blockStatus: {
    status: string | null;
    changes: readonly { status: string | null; time: number | null }[];
    /** When it began to run, where only its managers tell that it did; else null. */
    joined: { time: number | null } | null;
  };
  /** A cause of failures; how many causes stand together in it. */
  cause: { cause: string; merges: number };
  /** How many tasks are counted under a cause, of one state or of all. */
  causeTasks: { cause: string; state?: string; tasks: number };
  /** Some names and how many more there are; `what` they are, as `hosts`. */
  names: { names: readonly string[]; more: number; what: string };
}

export type ValueKind = keyof KindValues;

interface KindOf<Value> {
  /** Whether it stands at the right of its column, as numbers do. */
  numeric: boolean;
  /** What it is sorted by; null is unknown. */
  plain(value: Value): number | string | null;
  /** What a CSV says. */
  csv(value: Value): CsvCell;
}

function kind<Value>(
  numeric: boolean,
  plain: (value: Value) => number | string | null,
  csv: (value: Value) => CsvCell = plain,
): KindOf<Value> {
  return { numeric, plain, csv };
}

const number = kind<number | null>(true, (value) => value);
const text = kind<string | null>(false, (value) => value);

/** All kinds. In a CSV times are as Parsl writes them, spans are in seconds. */
export const VALUE_KINDS: { readonly [K in ValueKind]: KindOf<KindValues[K]> } = {
  text,
  link: kind(false, ({ text }) => text),
  count: number,
  readCount: number,
  badCount: number,
  calmCount: number,
  time: kind(false, (ms) => ms, csvTime),
  ago: kind(true, ({ time }) => time, ({ time }) => csvTime(time)),
  duration: kind(true, (ms) => ms, (ms) => ms === null ? null : ms / 1000),
  seconds: number,
  bytes: number,
  measured: kind(true, ({ value }) => value),
  worker: kind(false, (worker) => worker && [worker.manager, worker.rank, worker.pid].join(" ")),
  share: number,
  state: text,
  states: kind(false, ({ total }) => total),
  app: text,
  task: number,
  dependencies: kind(false, ({ ids, more }) => ids.length + more, ({ ids }) => ids.join(" ")),
  run: kind(false, ({ name }) => name),
  runId: text,
  runStatus: kind(false, ({ status }) => status),
  runFailures: kind(true, ({ tasks }) => tasks),
  hubRun: kind(false, ({ name }) => name),
  blockStatus: kind(false, ({ status }) => status),
  cause: kind(false, ({ cause }) => cause),
  causeTasks: kind(true, ({ tasks }) => tasks),
  names: kind(false, ({ names, more }) => names.length + more, ({ names }) => names.join(" ")),
};
