/** Sends signed datagrams of a run, and looks at what of them is committed. */
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { venvPython } from "../../tests/support/parsl.ts";
import type { Side } from "./sides.ts";

/** Each message of the load makes one row in one of these. */
const TABLES = ["workflow", "status", "resource"];
const POLL = 100;
/** Milliseconds without a new row after which no more is expected. */
const SILENCE_MS = 20_000;

/** Datagrams in a file, and what they make. */
export interface Load {
  path: string;
  datagrams: number;
  bytes: number;
  /** Rows by table. */
  rows: Record<string, number>;
}

/** What became of the datagrams that were sent. */
export interface Outcome {
  sent: number;
  /** Datagrams whose rows are committed. */
  committed: number;
  /** Of those that were sent. */
  lost: number;
  /** Seconds of sending, and from its end until the last commit. */
  sending: number;
  lag: number;
  /** Datagrams that were not committed when the last was sent. */
  behind: number;
  drops: number | null;
  /** Committed per second, from the first datagram to the last commit. */
  pace: number;
}

async function output(command: string, args: string[]): Promise<string> {
  const { success, stdout } = await new Deno.Command(command, {
    args,
    stdin: "null",
    stderr: "inherit",
  }).output();
  if (!success) throw new Error(`${command} ${args[0]} failed`);
  return new TextDecoder().decode(stdout);
}

function beside(name: string): string {
  return new URL(name, import.meta.url).pathname;
}

/** Compiles the sender into a folder; gives its path. */
export async function makeSender(folder: string): Promise<string> {
  const path = `${folder}/burst`;
  await output("cc", ["-O2", "-o", path, beside("./burst.c")]);
  return path;
}

/** Has Parsl's own classes pickle so many messages of a new run. */
export async function makeLoad(
  venv: string,
  path: string,
  count: number,
  key: string,
): Promise<Load> {
  const args = [beside("./messages.py"), path, String(count), key];
  return { path, ...JSON.parse(await output(venvPython(venv), args)) };
}

/** Messages whose rows are in a database. Only for tables from which nothing is deleted. */
function rowsIn(database: DatabaseSync): number {
  const parts = TABLES.map((name) => `coalesce((SELECT max(rowid) FROM ${name}), 0)`);
  return Number(database.prepare(`SELECT ${parts.join(" + ")} AS n`).get()?.n);
}

/** Rows by table, counted one by one. */
export function countRows(path: string, tables: string[]): Record<string, number> {
  const database = new DatabaseSync(path, { readOnly: true, timeout: 10_000 });
  try {
    return Object.fromEntries(tables.map((name) => {
      return [name, Number(database.prepare(`SELECT count(*) AS n FROM ${name}`).get()?.n)];
    }));
  } finally {
    database.close();
  }
}

/**
 * Sends the first `count` datagrams of a load at a rate per second (0: as fast as possible), and
 * waits until all are committed or no more are.
 */
export async function send(
  sender: string,
  side: Side,
  load: Load,
  count: number,
  rate: number,
): Promise<Outcome> {
  if (count > load.datagrams) throw new Error("the load has fewer datagrams");
  const database = new DatabaseSync(side.database, { readOnly: true, timeout: 10_000 });
  try {
    const before = rowsIn(database);
    const args = ["127.0.0.1", side.port, count, rate, load.path].map(String);
    const { sent, seconds } = JSON.parse(await output(sender, args));
    const end = performance.now();
    let committed = rowsIn(database) - before;
    let last = end;
    const behind = sent - committed;
    while (committed < sent && performance.now() - last < SILENCE_MS) {
      await sleep(POLL);
      const now = rowsIn(database) - before;
      if (now > committed) last = performance.now();
      committed = now;
    }
    const lag = (last - end) / 1000;
    return {
      sent,
      committed,
      lost: sent - committed,
      sending: seconds,
      lag,
      behind,
      drops: side.drops(),
      pace: committed / (seconds + lag),
    };
  } finally {
    database.close();
  }
}
