import type { TableBatch } from "../../store/database.ts";
import type { Cell } from "../../parsl/cell.ts";
import { isPlain, type Treatment, treatmentOf } from "./columns.ts";
import { Names } from "./names.ts";
import { PATH } from "./paths.ts";

/** The tables that say which hosts and users there are; old releases had hosts in all of them. */
const NAMING = ["workflow", "task", "try", "status", "node"];
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
      for await (const naming of tables(NAMING)) redaction.learn(naming);
      learned = true;
    }
    redaction.learn(batch);
    yield { ...batch, rows: redaction.rows(batch) };
  }
}

class Redaction {
  readonly #names = new Names();
  readonly #managers = new Map<string, string>();

  /** Learns the names that a batch's columns tell. */
  learn({ columns, rows }: TableBatch): void {
    columns.forEach((column, at) => {
      const learn = this.#learner(column);
      if (!learn) return;
      for (const row of rows) {
        const text = textOf(row[at]);
        if (text !== null && !NO_NAME.has(text)) learn(text);
      }
    });
  }

  #learner(column: string): ((name: string) => void) | null {
    if (column === "rundir") return (name) => this.#names.folder(name);
    const treatment = treatmentOf(column);
    if (treatment === "host") return (name) => this.#names.host(name);
    return treatment === "user" ? (name) => this.#names.user(name) : null;
  }

  rows({ columns, rows }: TableBatch): Cell[][] {
    const treatments = columns.map(treatmentOf);
    return rows.map((row) => row.map((cell, at) => this.#cell(cell, treatments[at])));
  }

  #cell(cell: Cell, treatment: Treatment): Cell {
    if (cell === null || treatment === "keep") return cell;
    if (treatment === "remove") return null;
    if (treatment === "text" && (typeof cell === "bigint" || typeof cell === "number")) return cell;
    const text = textOf(cell)!;
    switch (treatment) {
      case "host":
        return NO_NAME.has(text) ? text : this.#names.host(text);
      case "user":
        return NO_NAME.has(text) ? text : this.#names.user(text);
      case "path":
        return NO_NAME.has(text) ? text : PATH;
      case "manager":
        return this.#manager(text);
      case "text":
        return isPlain(text) ? text : this.#names.without(text);
    }
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

/** A value as a text, as the pages read it; null for none. */
function textOf(cell: Cell): string | null {
  if (cell === null || typeof cell === "string") return cell;
  return cell instanceof Uint8Array ? new TextDecoder().decode(cell) : String(cell);
}
