/** Opens monitoring databases. */
import type { MonitoringDatabase } from "./database.ts";
import { OwnReader } from "./sqlite/own_reader.ts";
import { sqlite } from "./sqlite/flat/sqlite.ts";
import { ParslDatabase } from "./sqlite/parsl_database.ts";
import { SnapshotReader } from "./sqlite/snapshot.ts";
import { resolveTarget } from "./target.ts";

export { Rewritten } from "./rewritten.ts";

/** Begins with what reading takes, so that it is there when a database is opened. */
export function beginReading(): void {
  // Who reads hears of what goes wrong.
  sqlite().catch(() => {});
}

/**
 * Opens what the user named: `sqlite:////abs/path.db`, a path, or a run directory. Nothing is ever
 * written to it or beside it.
 *
 * @param options.writtenHere this process writes the database itself
 */
export async function openDatabase(
  target: string,
  options: { writtenHere?: boolean } = {},
): Promise<MonitoringDatabase> {
  const path = await resolveTarget(target);
  const reader = options.writtenHere ? new OwnReader(path) : new SnapshotReader(path);
  const database = new ParslDatabase(target, path, reader);
  try {
    await database.workflows();
  } catch (error) {
    database.close();
    throw error;
  }
  return database;
}
