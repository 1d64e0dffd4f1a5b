/** Opens monitoring databases. */
import { DatabaseError, type MonitoringDatabase } from "./database.ts";
import { OwnReader } from "./sqlite/own_reader.ts";
import { ParslDatabase } from "./sqlite/parsl_database.ts";
import { SnapshotReader } from "./sqlite/snapshot.ts";
import { someOf } from "./some_of.ts";
import { resolveTarget } from "./target.ts";

export { Rewritten } from "./rewritten.ts";

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
    const tables = await database.tableNames();
    if (tables.length > 0 && !tables.includes("workflow")) {
      const names = someOf(tables);
      throw new DatabaseError(
        `${path} is not a Parsl monitoring database (it has no table workflow, only ${names}); give the monitoring.db that Parsl wrote.`,
      );
    }
    await database.workflows();
  } catch (error) {
    database.close();
    throw error;
  }
  return database;
}
