import { limitOf } from "../parsl/readable.ts";
import { CELLS, type Change } from "../store/writer.ts";
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
    const names: readonly string[] = CELLS[change.kind];
    for (let i = 0; i < names.length; i++) {
      const cell = change.cells[i];
      const { fits, wanted } = limitOf(names[i]);
      if (cell === null || fits(cell)) continue;
      const of = names[1] === "task_id" ? ` of its task number ${change.cells[1]}` : "";
      const shown = typeof cell === "string" ? JSON.stringify(cell) : String(cell);
      const value = shown.length > 60 ? `${shown.slice(0, 60)}…` : shown;
      throw new ImportError(
        `${path} cannot be imported: the ${names[i]}${of} is ${value} where ${wanted} belongs.`,
      );
    }
    yield change;
  }
}
