// A workflow that goes on: writes rows into an unfinished run as Parsl's database manager does,
// in a rollback journal, in a process of its own, for locks of one process do not meet each other.
//
//   deno run -P=dev bench/scale/writer.ts '{"path":…,"run":…,"done":…,"rate":…,"seconds":…,"every":…}'
//
// Prints a line "started" when it begins, and what it did as JSON in the end.

import { type Change, Flight, flightFrom } from "./flight.ts";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import type { Count } from "./lag.ts";

/** What is written. */
export interface Writing {
  path: string;
  run: string;
  /** Tasks that are done before. */
  done: number;
  /** State changes per second. */
  rate: number;
  seconds: number;
  /** Milliseconds between commits; 0 commits each change. */
  every: number;
}

/** What came of it. */
export interface Written {
  changes: number;
  seconds: number;
  /** The commits after which more tasks were done. */
  commits: Count[];
  /** Milliseconds of the slowest commit, its statements included. */
  slowest: number;
}

/** As Python's driver waits for a lock. */
const BUSY_TIMEOUT = 5_000;
const PAUSE = 250;

async function write(writing: Writing): Promise<Written> {
  const { path, run, rate, seconds, every } = writing;
  const database = new DatabaseSync(path, { enableForeignKeyConstraints: false });
  database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT}`);
  const flight: Flight = flightFrom(database, run);
  const result: Written = { changes: 0, seconds: 0, commits: [], slowest: 0 };
  let done = writing.done;
  const transaction = (changes: number) => {
    const began = performance.now();
    const before = done;
    database.exec("BEGIN");
    for (let n = 0; n < changes; n++) {
      const change: Change = flight.next();
      if (change === "done") done++;
    }
    database.exec("COMMIT");
    const now = Date.now();
    result.slowest = Math.max(result.slowest, performance.now() - began);
    result.changes += changes;
    if (done > before) result.commits.push([now, done]);
  };
  console.log("started");
  const start = performance.now();
  for (let turn = 1;; turn++) {
    const passed = performance.now() - start;
    const due = Math.floor(Math.min(passed, seconds * 1000) / 1000 * rate) - result.changes;
    if (every === 0) { for (let n = 0; n < due; n++) transaction(1); }
    else if (due > 0) transaction(due);
    if (passed >= seconds * 1000) break;
    const next = start + turn * (every || PAUSE / 10) - performance.now();
    if (next > 0) await sleep(next);
  }
  result.seconds = (performance.now() - start) / 1000;
  database.close();
  return result;
}

/** Starts a writer. */
export function startWriter(writing: Writing) {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-P=dev", import.meta.url, JSON.stringify(writing)],
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const output = new Response(child.stdout).text();
  return {
    /** What it wrote, when it has ended. */
    async written(): Promise<Written> {
      const text = await output;
      const { success } = await child.status;
      if (!success) throw new Error("the writer failed");
      return JSON.parse(text.slice(text.indexOf("\n"))) as Written;
    },
    async stop(): Promise<void> {
      try {
        child.kill("SIGKILL");
      } catch {
        // It has ended.
      }
      await child.status;
    },
  };
}

if (import.meta.main) console.log(JSON.stringify(await write(JSON.parse(Deno.args[0]) as Writing)));
