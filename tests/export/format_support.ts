// Packing and opening, as the tests of the packed form do it.
import { type PackOptions, packRun } from "../../export/format/pack_run.ts";
import { openPacked, type PackedDatabase } from "../../export/format/packed_database.ts";
import type { DataHeader, Packed } from "../../export/format/header.ts";
import { Run } from "../../model/run/run.ts";
import { type MonitoringDatabase, START, type TableBatch } from "../../store/database.ts";
import type { Cell } from "../../parsl/cell.ts";

export const TAKEN = Date.UTC(2026, 10, 25);

/** Bytes of all parts. */
export function sizeOf(packed: Packed): number {
  return packed.parts.reduce((sum, { deflated }) => sum + deflated.length, 0);
}

/** Opens what was packed the way that a browser does, from a header that went through JSON. */
export function open(packed: Packed, asked: string[] = [], redacted = false): PackedDatabase {
  const header = JSON.parse(JSON.stringify(packed.header)) as DataHeader;
  const parts = new Map(packed.parts.map(({ name, deflated }) => [name, deflated]));
  return openPacked(header, async (name) => {
    asked.push(name);
    const stream = new Blob([parts.get(name)!.slice()]).stream()
      .pipeThrough(new DecompressionStream("deflate"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  }, { name: "report", taken: TAKEN, redacted });
}

export interface Table {
  columns: readonly string[];
  rows: Cell[][];
}

/** All rows of a run by table. */
export async function tablesOf(
  batches: AsyncIterable<TableBatch>,
): Promise<Map<string, Table>> {
  const tables = new Map<string, Table>();
  for await (const { table, columns, rows } of batches) {
    const known = tables.get(table) ?? { columns, rows: [] };
    for (const row of rows) known.rows.push(row);
    tables.set(table, known);
  }
  return tables;
}

/** A cell as text that tells its type, too. */
export function spelled(cell: Cell): string {
  if (cell === null) return "null";
  if (typeof cell === "bigint") return `int ${cell}`;
  if (typeof cell === "number") return Object.is(cell, -0) ? "real -0" : `real ${cell}`;
  return typeof cell === "string" ? `text ${JSON.stringify(cell)}` : `blob ${cell}`;
}

/** The rows as texts, in an order of their own: the packed form does not keep the file's. */
export function spelledRows({ rows }: Table): string[] {
  return rows.map((row) => row.map(spelled).join(" | ")).sort();
}

/** One table as batches. */
export async function* batches(
  table: string,
  columns: string[],
  rows: Cell[][],
): AsyncIterable<TableBatch> {
  for (let from = 0; from === 0 || from < rows.length; from += 100) {
    yield await Promise.resolve({ table, columns, rows: rows.slice(from, from + 100) });
  }
}

/** Packs a run of a database. */
export function packed(
  database: MonitoringDatabase,
  runId: string,
  options: PackOptions = {},
): Promise<Packed> {
  return packRun(database.tables(runId), options);
}

/** A run, folded. */
export async function folded(database: MonitoringDatabase, runId: string): Promise<Run> {
  const workflow = (await database.workflows()).find((known) => known.runId === runId)!;
  const run = new Run(workflow);
  for await (const { rows } of database.read(runId, START)) run.fold(rows);
  return run;
}
