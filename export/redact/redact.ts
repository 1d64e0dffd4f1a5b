import type { TableBatch } from "../../store/database.ts";
import type { Cell } from "../../parsl/cell.ts";
import type { Treatment } from "../../parsl/column.ts";
import { isPlain, NAMING_TABLES, treatmentOf } from "./columns.ts";
import { Names } from "./names.ts";
import { PATH } from "./paths.ts";

/** What stands where there is no name and no path. */
const NO_NAME = new Set(["", "None"]);

/** The tables of a run, or some of them, from the beginning at each call. */
export type TableSource = (only?: readonly string[]) => AsyncIterable<TableBatch>;

/**
 * The tables of a run without what tells where and by whom it was run: hosts become `host-1` …,
 * users `user-1` …, paths `/…`, also inside texts; arguments become null. Names of the workflow and
 * of its apps, counts, times and hashes stay. A text may stand before the row that says that a word
 * in it is a name, so the names are read first.
 */
export async function* redact(tables: TableSource): AsyncIterable<TableBatch> {
  const redaction = new Redaction();
  let learned = false;
  for await (const batch of tables()) {
    // The tables end where they ended when they were begun; of later rows more is learned, not less.
    if (!learned) {
      for await (const naming of tables(NAMING_TABLES)) redaction.learn(naming);
      learned = true;
    }
    redaction.learn(batch);
    yield { ...batch, rows: redaction.rows(batch) };
  }
}

/** A value that is there. */
type Value = NonNullable<Cell>;

class Redaction {
  readonly #names = new Names();
  readonly #managers = new Map<string, string>();
  /** What stands for a value of a column, by how the column is treated. */
  readonly #stands: Readonly<Record<Treatment, (cell: Value) => Cell>> = {
    keep: (cell) => cell,
    remove: () => null,
    host: named((text) => this.#names.host(text)),
    user: named((text) => this.#names.user(text)),
    path: named(() => PATH),
    folder: named(() => PATH),
    manager: (cell) => this.#manager(textOf(cell)),
    text: (cell) => {
      if (typeof cell === "bigint" || typeof cell === "number") return cell;
      const text = textOf(cell);
      return isPlain(text) ? text : this.#names.without(text);
    },
  };
  /** Learns a name from a column, by how the column is treated; null where none is one. */
  readonly #learners: Readonly<Record<Treatment, ((name: string) => void) | null>> = {
    keep: null,
    remove: null,
    host: (name) => this.#names.host(name),
    user: (name) => this.#names.user(name),
    path: null,
    folder: (name) => this.#names.folder(name),
    manager: null,
    text: null,
  };

  /** Learns the names that a batch's columns tell. */
  learn({ columns, rows }: TableBatch): void {
    columns.forEach((column, at) => {
      const learn = this.#learners[treatmentOf(column)];
      if (!learn) return;
      for (const row of rows) {
        const cell = row[at];
        const text = cell === null ? "" : textOf(cell);
        if (!NO_NAME.has(text)) learn(text);
      }
    });
  }

  rows({ columns, rows }: TableBatch): Cell[][] {
    const stands = columns.map((column) => this.#stands[treatmentOf(column)]);
    return rows.map((row) => row.map((cell, at) => cell === null ? null : stands[at](cell)));
  }

  /** Managers stay apart from each other when what tells them apart is taken from their names. */
  #manager(name: string): string {
    if (this.#names.without(name) === name) return name;
    let stand = this.#managers.get(name);
    if (stand === undefined) {
      stand = `manager-${this.#managers.size + 1}`;
      this.#managers.set(name, stand);
    }
    return stand;
  }
}

/** What stands for a value that is the name of something; null and Python's None are none. */
function named(stand: (text: string) => string): (cell: Value) => string {
  return (cell) => {
    const text = textOf(cell);
    return NO_NAME.has(text) ? text : stand(text);
  };
}

/** A value as a text, as the pages read it. */
function textOf(cell: Value): string {
  if (typeof cell === "string") return cell;
  return cell instanceof Uint8Array ? new TextDecoder().decode(cell) : String(cell);
}
