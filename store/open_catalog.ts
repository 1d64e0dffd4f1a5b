import { Catalog } from "./catalog.ts";
import type { MonitoringDatabase } from "./database.ts";
import { openDatabase } from "./open.ts";

/**
 * Opens databases by path, URL or run directory. Throws a DatabaseError that says what to do.
 *
 * @param options.writtenHere the one database that this process writes itself
 * @param options.memory MiB that the runs in memory may take
 */
export async function openCatalog(
  targets: string[],
  options: { writtenHere?: string; memory?: number } = {},
): Promise<Catalog> {
  const databases: MonitoringDatabase[] = [];
  for (const target of targets) {
    databases.push(await openDatabase(target, { writtenHere: target === options.writtenHere }));
  }
  return new Catalog(databases, options);
}
