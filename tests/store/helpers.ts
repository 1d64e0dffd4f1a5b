import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { MonitoringDatabase, Watermark } from "../../store/database.ts";
import { START } from "../../store/database.ts";
import { emptyRows, type RunRows } from "../../model/run/rows.ts";

const FIXTURES = new URL("../fixtures/", import.meta.url).pathname;
export const CLIMATE = join(FIXTURES, "climate.db");
export const KEYS = {
  task: "tasks",
  try: "tries",
  status: "statuses",
  resource: "resources",
  node: "nodes",
  block: "blocks",
} as const;
export type Table = keyof typeof KEYS;
export const TABLES = Object.keys(KEYS) as Table[];

/** A directory that is gone after the test. */
export async function withDirectory(test: (directory: string) => Promise<void>): Promise<void> {
  const directory = await Deno.makeTempDir({ prefix: "store test " });
  try {
    await test(directory);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

export async function climateIn(directory: string, name = "monitoring.db"): Promise<string> {
  const path = join(directory, name);
  await Deno.copyFile(CLIMATE, path);
  await Deno.chmod(path, 0o644);
  return path;
}

export async function largeIn(directory: string): Promise<string> {
  const path = join(directory, "large.db");
  const packed = await Deno.open(join(FIXTURES, "large.db.gz"));
  const file = await Deno.create(path);
  await packed.readable.pipeThrough(new DecompressionStream("gzip")).pipeTo(file.writable);
  return path;
}

/** Everything after `since` in one batch. */
export async function readAll(
  database: MonitoringDatabase,
  runId: string,
  since: Watermark = START,
): Promise<{ rows: RunRows; watermark: Watermark; slices: number }> {
  const rows = emptyRows();
  let watermark: Watermark = { ...since };
  let slices = 0;
  for await (const slice of database.read(runId, since)) {
    slices++;
    rows.workflow ??= slice.rows.workflow;
    rows.tasks.push(...slice.rows.tasks);
    rows.tries.push(...slice.rows.tries);
    rows.statuses.push(...slice.rows.statuses);
    rows.resources.push(...slice.rows.resources);
    rows.nodes.push(...slice.rows.nodes);
    rows.blocks.push(...slice.rows.blocks);
    rows.totals.push(...slice.rows.totals);
    rows.nodeSamples.push(...slice.rows.nodeSamples);
    rows.gpuSamples.push(...slice.rows.gpuSamples);
    watermark = slice.watermark;
  }
  return { rows, watermark, slices };
}

export function plainCount(path: string, table: string, runId: string): number {
  const connection = new DatabaseSync(path, { readOnly: true });
  try {
    const row = connection.prepare(`SELECT count(*) AS n FROM "${table}" WHERE run_id = ?`)
      .get(runId);
    return Number(row?.n);
  } finally {
    connection.close();
  }
}

/** Names, sizes and times of what lies in a directory. */
export function listing(directory: string): string[] {
  return [...Deno.readDirSync(directory)].map(({ name }) => {
    const info = Deno.statSync(join(directory, name));
    return `${name} ${info.size} ${info.mtime?.getTime()}`;
  }).sort();
}
