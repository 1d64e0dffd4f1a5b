/** Opens monitoring databases for writing. */
import { resolveNewTarget } from "./new_target.ts";
import { ParslWriter } from "./sqlite/parsl_writer.ts";
import { openConnection, type WriterOptions } from "./sqlite/writer_connection.ts";
import { ReopeningWriter } from "./reopening_writer.ts";
import type { MonitoringWriter } from "./writer.ts";

export type { WriterOptions };

/**
 * Opens, or makes, the database that the user named: `sqlite:////abs/path.db`, a path, or a run
 * directory. A process that writes a database must not read it by `openDatabase`, for that would
 * drop its locks.
 *
 * @throws {DatabaseError} when it is not Parsl's, or cannot be opened.
 */
export async function openWriter(
  target: string,
  options: WriterOptions = {},
): Promise<MonitoringWriter> {
  const path = await resolveNewTarget(target);
  const open = async () => new ParslWriter(await openConnection(path, options), path);
  return new ReopeningWriter(await open(), open);
}
