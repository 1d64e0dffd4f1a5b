import { CHANGES, PLACES } from "../parsl/messages.ts";
import { limitOf } from "../parsl/readable.ts";
import type { Change } from "../store/writer.ts";
import { ImportError } from "./import_error.ts";

/**
 * The changes as they are, as long as a reader of the database takes their cells for what they are.
 *
 * @param path of what they are made of, for messages
 * @throws {ImportError} at the first that it would not.
 */
export function* readableChanges(
  changes: Iterable<Change>,
  path: string,
): Generator<Change> {
  for (const change of changes) {
    const places: Readonly<Record<string, number | undefined>> = PLACES[change.kind];
    const task = places.task_id;
    for (const [place, { name, column }] of CHANGES[change.kind].entries()) {
      const cell = change.cells[place];
      const { fits, wanted } = limitOf(column.kind);
      if (cell === null || fits(cell)) continue;
      const of = task === undefined ? "" : ` of its task number ${change.cells[task]}`;
      const shown = typeof cell === "string" ? JSON.stringify(cell) : String(cell);
      const value = shown.length > 60 ? `${shown.slice(0, 60)}…` : shown;
      throw new ImportError(
        `${path} cannot be imported: the ${name}${of} is ${value} where ${wanted} belongs.`,
      );
    }
    yield change;
  }
}
