/** Standard output as what data is written to, such as a report: as it is, to the last byte. */
import { messageOf } from "../errors.ts";
import { ExportError } from "../export/export_error.ts";
import { isOfSystem, writeAll } from "./export/report_file.ts";

/** What a shell says of a program whose reader went away. */
const BROKEN_PIPE = 141;

/**
 * Writes bytes. When who reads them goes away, there is nothing left to do: the program ends.
 *
 * @throws {ExportError} when they cannot be written
 */
export async function writeOutput(bytes: Uint8Array): Promise<void> {
  try {
    await writeAll(Deno.stdout, bytes);
  } catch (error) {
    if (error instanceof Deno.errors.BrokenPipe) Deno.exit(BROKEN_PIPE);
    if (!isOfSystem(error)) throw error;
    throw new ExportError(`Standard output cannot be written (${messageOf(error)}).`);
  }
}
