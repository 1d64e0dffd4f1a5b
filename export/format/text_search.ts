/** Looking for a word in the texts of packed tables. */
import type { TextWord } from "../../model/tasks/texts.ts";
import type { TextField } from "../../parsl/text_field.ts";
import type { TextSlice, Watermark } from "../../store/database.ts";
import { SEARCHED } from "../../parsl/searched.ts";
import { CODE, kindAt, type PackedColumn } from "./column.ts";
import { numberAt, textAt } from "./column_row.ts";
import type { OpenedTable } from "./opened_table.ts";
import { timerTurn } from "./pace.ts";

/** Rows of a slice. */
const SLICE = 16_384;

const NO_FILES =
  "Names of files and arguments are not in this report: they were left out, as names " +
  "of hosts, users and paths were replaced, so that it can be handed on.";

/** What is said of texts that redaction took out. */
export const WITHOUT_TEXTS: Readonly<Partial<Record<TextField, string>>> = {
  file: NO_FILES,
  stdout: NO_FILES,
  stderr: NO_FILES,
};

/** The slices of a search; see `MonitoringDatabase.searchTexts`. What is packed never changes. */
export async function* searchPacked(
  tables: ReadonlyMap<string, OpenedTable>,
  word: TextWord,
  since: Watermark,
  until: Watermark,
): AsyncIterable<TextSlice> {
  const parts = SEARCHED[word.field].flatMap(({ table: name, columns }) => {
    const table = tables.get(name);
    const end = Math.min(until[name], table?.rows ?? 0);
    return table && since[name] < end ? [{ name, table, columns, end }] : [];
  });
  const total = parts.reduce((sum, { name, end }) => sum + end - since[name], 0);
  const watermark = { ...since };
  let done = 0;
  for (const { name, table, columns, end } of parts) {
    const ids = await table.open("task_id");
    const tests: ((row: number) => boolean)[] = [];
    for (const column of columns) {
      const opened = table.has(column) ? await table.open(column) : null;
      if (opened) tests.push(testOf(opened, word.text));
    }
    for (let from = since[name]; from < end; from += SLICE) {
      const to = Math.min(end, from + SLICE);
      const found: number[] = [];
      for (let row = from; row < to; row++) {
        if (!tests.some((test) => test(row))) continue;
        const id = ids && numberAt(ids, row);
        if (id !== null) found.push(id);
      }
      watermark[name] = to;
      done += to - from;
      yield { found, lost: [], watermark: { ...watermark }, done, total };
      await timerTurn();
    }
  }
  yield { found: [], lost: [], watermark: { ...until }, done, total };
}

/** Whether a row's text in a column holds a word: each distinct text is looked at once. */
function testOf(column: PackedColumn, word: string): (row: number) => boolean {
  const known = new Int8Array(column.words.length);
  const holds = (text: string | null) => text?.toLowerCase().includes(word) ?? false;
  return (row) => {
    if (kindAt(column, row) !== CODE.text) return holds(textAt(column, row));
    const at = column.values[row];
    known[at] ||= holds(column.words.at(at) ?? null) ? 1 : -1;
    return known[at] === 1;
  };
}
