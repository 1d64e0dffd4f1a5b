import type { TableBatch } from "./database.ts";
import { TableCopy } from "./sqlite/table_copy.ts";

/**
 * Makes a database of rows as `MonitoringDatabase.tables` gives them: the same tables and columns,
 * the same values of the same types, whatever release of Parsl they are from. What of Parsl's tables
 * is not among them is made, and empty.
 *
 * @param path of a file that is not there; of no use when this fails
 * @returns the number of rows of each table that came
 */
export async function copyTables(
  path: string,
  batches: AsyncIterable<TableBatch>,
): Promise<Map<string, number>> {
  const copy = new TableCopy(path);
  try {
    for await (const batch of batches) copy.add(batch);
    await copy.finish();
    return copy.rows;
  } finally {
    copy.close();
  }
}
