// One cell that can be no value of its column takes no page, no list, no CSV and no report away.
import assert from "node:assert/strict";
import { join } from "node:path";
import { openCatalog } from "../../live/runs/open_catalog.ts";
import { withDirectory } from "../store/helpers.ts";
import { COLUMNS, hostileDatabase, RUN, RUNS, VALUES } from "../support/hostile_cells.ts";
import { type Answered, type Pages, pages } from "../support/pages.ts";

const PAGE = `workflow/${RUN}`;
const WINDOW = "from=1767261600000&to=1767261660000";

/** Addresses that are there whatever cells are hostile. */
const ADDRESSES = [
  ...["", "?sort=name", "?sort=duration&order=desc", "?sort=tasksCompleted", "workflows.csv"],
  ...[`${PAGE}/`, `${PAGE}/?sort=peakMemory`, `${PAGE}/task/`, `${PAGE}/task/?sort=ran&q=1`],
  ...[`${PAGE}/task/?sort=memory`, `${PAGE}/task/?sort=invoked`, `${PAGE}/tasks.csv`],
  ...[`${PAGE}/dag_group_by_apps`, `${PAGE}/dag_group_by_states?nodes=groups`],
  ...[`${PAGE}/timeline`, `${PAGE}/resource_usage`],
  ...["critical", "find?q=1", "cells?group=*&by=states", "cells?group=*&by=duration"]
    .map((name) => `api/dag/${name}${name.includes("?") ? "&" : "?"}run=${RUN}`),
  `api/timeline/bars?run=${RUN}&${WINDOW}&first=0&lanes=10&columns=100`,
];
/** Some of them, of all kinds. */
const FEW = ["", `${PAGE}/`, `${PAGE}/task/`, `${PAGE}/tasks.csv`, `${PAGE}/resource_usage`];
/** Addresses about tasks, which may not be there when ids are hostile. */
const OF_TASKS = [
  ...VALUES.map((_, id) => `${PAGE}/task/${id}`),
  ...["task", "related", "waiting"].map((name) => `api/dag/${name}?run=${RUN}&task=1`),
  `api/timeline/task?run=${RUN}&task=1`,
  `${PAGE}/app/app1`,
];

/** By table: what its cells might take away beside. */
const OF_TABLE: Record<string, string[]> = {
  workflow: RUNS.map((runId) => `workflow/${runId}/`),
  task: OF_TASKS,
  try: OF_TASKS,
  status: OF_TASKS,
  resource: OF_TASKS,
};

function isFine({ status, said }: Answered, may404: boolean): boolean {
  return said.length === 0 && (status === 200 || may404 && status === 404);
}

async function everyPage(
  ask: Pages,
  path: string,
  what: string,
  [always, maybe]: [always: string[], maybe: string[]],
): Promise<void> {
  const catalog = await openCatalog([path]);
  try {
    const followed = (await catalog.run(RUN))!;
    assert.ok(followed, what);
    for (const address of always) {
      const answer = await ask(catalog, address);
      assert.ok(isFine(answer, false), `${what}: ${address} ${answer.status} ${answer.said}`);
    }
    for (const address of maybe) {
      const answer = await ask(catalog, address);
      assert.ok(isFine(answer, true), `${what}: ${address} ${answer.status} ${answer.said}`);
    }
    // The rows beside it are all there: each task is named in three tables at least.
    assert.equal(followed.run.tasks, VALUES.length, what);
    const csv = await ask(catalog, `${PAGE}/tasks.csv`);
    assert.equal(csv.text.trimEnd().split("\r\n").length, VALUES.length + 1, what);
    const shown = await ask(catalog, `${PAGE}/task/0`);
    assert.equal(shown.status, 200, `${what}: the page of the row that is whole`);
  } finally {
    catalog.close();
  }
}

for (const types of [true, false]) {
  Deno.test({
    name: `hostile cells: each column in turn, columns ${types ? "with" : "without"} types`,
    sanitizeOps: false,
    sanitizeResources: false,
    fn: () =>
      withDirectory(async (directory) => {
        const ask = await pages();
        for (const column of COLUMNS) {
          const path = join(directory, `${column.join("-")}.db`);
          hostileDatabase(path, [column], types);
          const all = OF_TABLE[column[0]] ?? [];
          await everyPage(ask, path, column.join("."), types ? [FEW, []] : [ADDRESSES, all]);
          await Deno.remove(path);
        }
      }),
  });
}

const IDS = ["run_id", "task_id", "try_id", "id"];
const isTime = (column: string) => /time(?!_user|_system)|heartbeat/.test(column);

for (const times of [true, false]) {
  Deno.test({
    name: `hostile cells: reports of runs with hostile ${times ? "times" : "figures and texts"}`,
    sanitizeOps: false,
    sanitizeResources: false,
    fn: () =>
      withDirectory(async (directory) => {
        const ask = await pages();
        const path = join(directory, "hostile.db");
        const columns = COLUMNS.filter(([, column]) =>
          !IDS.includes(column) && isTime(column) === times
        );
        hostileDatabase(path, columns, false);
        const catalog = await openCatalog([path]);
        for (const options of ["", "?full", "?redact"]) {
          const { status, said, text } = await ask(catalog, `${PAGE}/report.html${options}`);
          assert.deepStrictEqual([status, said], [200, []], options);
          assert.match(text, /<\/html>\s*$/, options);
        }
        catalog.close();
      }),
  });
}
