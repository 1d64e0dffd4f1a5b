// Tables as they are described: each column once, for the page, its order, its CSV and its print.

import assert from "node:assert/strict";
import { APP_COLUMNS } from "../../model/figures/app_columns.ts";
import { failureColumns } from "../../model/figures/failure_columns.ts";
import { BLOCK_COLUMNS, MANAGER_COLUMNS } from "../../model/figures/fleet_columns.ts";
import { HUB_RUN_COLUMNS } from "../../model/hub/run_columns.ts";
import {
  csvColumns,
  csvText,
  orderedBy,
  sortKeys,
  type TableColumn,
} from "../../model/table/column.ts";
import { TASK_COLUMNS } from "../../model/tasks/columns.ts";
import { HOST_COLUMNS } from "../../model/timeline/host_columns.ts";
import { EVENT_COLUMNS, TRY_COLUMNS } from "../../model/views/task_columns.ts";
import { WORKFLOW_COLUMNS } from "../../model/views/workflow_columns.ts";

interface Line {
  name: string;
  at: number | null;
  ms: number | null;
}

const COLUMNS: readonly TableColumn<Line>[] = [
  { key: "name", label: "Name", kind: "text", value: (l) => l.name, sort: "least", csv: "name" },
  {
    key: "ms",
    label: "Time",
    kind: "duration",
    value: (l) => l.ms,
    csv: "seconds",
    csvAfter: "at",
  },
  { key: "at", label: "At", kind: "time", value: (l) => l.at, sort: "most", csv: "at" },
  { key: "length", label: "Length", kind: "count", value: (l) => l.name.length },
];
const LINES: Line[] = [
  { name: "b", at: null, ms: 1500 },
  { name: "=a", at: 0, ms: null },
  { name: "c", at: 1, ms: 0 },
];

Deno.test("a table's CSV has the columns with a heading, each where it is to stand", () => {
  assert.equal(
    csvText(COLUMNS, LINES),
    "name,at,seconds\r\nb,,1.5\r\n'=a,1970-01-01 00:00:00.000,\r\nc,1970-01-01 00:00:00.001,0\r\n",
  );
  assert.throws(() => csvColumns([{ ...COLUMNS[1], csvAfter: "nothing" }]), /nothing/);
});

Deno.test("a table is ordered by what its columns show, the unknown last", () => {
  assert.deepStrictEqual(sortKeys(COLUMNS), ["name", "at"]);
  const names = (sort: string, descending: boolean) =>
    orderedBy(COLUMNS, LINES, { sort, descending }).map(({ name }) => name);
  assert.deepStrictEqual(names("name", false), ["=a", "b", "c"]);
  assert.deepStrictEqual(names("at", false), ["=a", "c", "b"]);
  assert.deepStrictEqual(names("at", true), ["c", "=a", "b"]);
  assert.deepStrictEqual(names("nothing", true), ["b", "=a", "c"], "as they came");
});

Deno.test("the columns of each table differ by key, by label and by heading", () => {
  const tables: Record<string, readonly { key: string; label?: string; csv?: string }[]> = {
    tasks: TASK_COLUMNS,
    apps: APP_COLUMNS,
    failures: failureColumns("unfinished"),
    managers: MANAGER_COLUMNS,
    blocks: BLOCK_COLUMNS,
    hosts: HOST_COLUMNS,
    tries: TRY_COLUMNS,
    events: EVENT_COLUMNS,
    workflows: WORKFLOW_COLUMNS,
    runs: HUB_RUN_COLUMNS,
  };
  for (const [name, columns] of Object.entries(tables)) {
    for (const part of ["key", "label", "csv"] as const) {
      const texts = columns.map((column) => column[part]).filter((text) => text !== undefined);
      assert.equal(new Set(texts).size, texts.length, `${name}: ${part}`);
    }
    for (const { key, label, csv } of columns) {
      assert.ok(label !== undefined || csv !== undefined, `${name}: ${key} stands somewhere`);
    }
  }
});
