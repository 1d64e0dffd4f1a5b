// The recorded messages of real runs, and what Parsl's own manager made of them.

import { DatabaseSync } from "node:sqlite";
import { changeOf } from "../../hub/decode/changes.ts";
import { decodeMessage, type Message, readMessages } from "../../hub/decode/message.ts";
import { ParslWriter } from "../../store/sqlite/parsl_writer.ts";
import { openConnection } from "../../store/sqlite/writer_connection.ts";
import type { Change, Rejection } from "../../store/writer.ts";
import { ROOT } from "../support/server.ts";

export const RECORDINGS = ["udp", "htex", "mul", "thr", "die"] as const;
export type Recording = (typeof RECORDINGS)[number];

/** A table as tests/oracle/dbm.py writes it: `types` has a letter for each cell of a row. */
export interface TableRows {
  columns: string[];
  rows: unknown[][];
  types: string[];
}
export type Tables = Record<string, TableRows>;

const KEYS: Record<string, string> = {
  workflow: "run_id",
  task: "run_id, task_id",
  try: "run_id, task_id, try_id",
  status: "run_id, task_id, task_status_name, timestamp",
  resource: "run_id, task_id, try_id, timestamp",
  node: "id",
  block: "run_id, block_id, executor_label, timestamp",
};

export async function unpacked(path: string): Promise<string> {
  const file = await Deno.open(path);
  return await new Response(file.readable.pipeThrough(new DecompressionStream("gzip"))).text();
}

export function recordingPath(name: Recording): string {
  return `${ROOT}tests/fixtures/messages-${name}.jsonl.gz`;
}

export async function expectedTables(name: Recording): Promise<Tables> {
  return JSON.parse(await unpacked(`${ROOT}tests/oracle/dbm-${name}.json.gz`)) as Tables;
}

/** The messages of a recording in the order in which they came. */
export async function recordedMessages(name: Recording): Promise<Message[]> {
  const lines = (await unpacked(recordingPath(name))).trimEnd().split("\n");
  return lines.flatMap((line) => {
    const { hex } = JSON.parse(line) as { hex: string };
    return readMessages(decodeMessage(Uint8Array.fromHex(hex)));
  });
}

export async function recordedChanges(name: Recording): Promise<Change[]> {
  return (await recordedMessages(name)).map(changeOf);
}

/** A writer whose database is safe enough for tests, and fast. */
export async function testWriter(path: string): Promise<ParslWriter> {
  return new ParslWriter(await openConnection(path, { synchronous: "normal", patience: 0 }), path);
}

/** Writes changes to a database in batches of the sizes given, over and over. */
export async function writeAll(
  path: string,
  changes: readonly Change[],
  sizes: readonly number[] = [changes.length],
): Promise<Rejection[]> {
  const writer = await testWriter(path);
  const rejections: Rejection[] = [];
  for (let at = 0, n = 0; at < changes.length; n++) {
    const batch = changes.slice(at, at + sizes[n % sizes.length]);
    rejections.push(...await writer.write(batch));
    at += batch.length;
  }
  await writer.close();
  return rejections;
}

/** All seven tables of a database, or the rows of one run. */
export function tablesOf(path: string, runId?: string): Tables {
  const connection = new DatabaseSync(path, { readOnly: true });
  const tables: Tables = {};
  try {
    for (const [table, key] of Object.entries(KEYS)) {
      const columns = connection.prepare(`PRAGMA table_info(${table})`).all()
        .map((column) => String(column.name));
      const letters = columns.map((column) => `substr(typeof(${column}), 1, 1)`).join(" || ");
      const statement = connection.prepare(
        `SELECT ${columns.join(", ")}, ${letters} AS letters FROM ${table} ` +
          `WHERE run_id = coalesce(?, run_id) ORDER BY ${key}`,
      );
      const found = statement.all(runId ?? null);
      tables[table] = {
        columns,
        rows: found.map((row) => columns.map((column) => row[column])),
        types: found.map((row) => String(row.letters)),
      };
    }
  } finally {
    connection.close();
  }
  return tables;
}

/** The rows of `node` without their numbers, which tell only the order of arrival. */
export function withoutNodeOrder(tables: Tables): Tables {
  const node = tables.node;
  const order = node.rows.map((row, index) => ({ text: JSON.stringify(row.slice(1)), index }))
    .sort((a, b) => a.text < b.text ? -1 : a.text > b.text ? 1 : 0);
  return {
    ...tables,
    node: {
      columns: node.columns.slice(1),
      rows: order.map(({ index }) => node.rows[index].slice(1)),
      types: order.map(({ index }) => node.types[index].slice(1)),
    },
  };
}

/** What differs between two sets of tables, one line per row; empty when they agree. */
export function differences(actual: Tables, expected: Tables): string[] {
  const lines: string[] = [];
  for (const table of Object.keys(KEYS)) {
    const [a, b] = [actual[table], expected[table]];
    if (a.columns.join() !== b.columns.join()) lines.push(`${table}: columns ${a.columns}`);
    for (let i = 0; i < Math.max(a.rows.length, b.rows.length); i++) {
      const [x, y] = [a, b].map((t) => JSON.stringify(t.rows[i]) + " " + t.types[i]);
      if (x !== y) lines.push(`${table} ${i}: ${x} where Parsl has ${y}`);
    }
  }
  return lines.slice(0, 10);
}

/** Numbers from 0 to 1 that are the same each time (mulberry32). */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export function shuffled<T>(values: readonly T[], seed: number): T[] {
  const next = random(seed);
  const result = [...values];
  for (let i = result.length - 1; i > 0; i--) {
    const j = Math.floor(next() * (i + 1));
    [result[i], result[j]] = [result[j], result[i]];
  }
  return result;
}
