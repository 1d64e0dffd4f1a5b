// One task with all of its tries, however many, and however they are known.
import assert from "node:assert/strict";
import { openDatabase } from "../../store/open.ts";
import { openCatalog } from "../../live/runs/open_catalog.ts";
import { caseDatabase } from "../support/case_db.ts";
import { withDirectory } from "./helpers.ts";

const TRIES = 12_345;

/** SQL that gives task 0 so many tries and samples, and states to those below `named`. */
function retried(named: number): string {
  return `
    DELETE FROM try; DELETE FROM status;
    WITH RECURSIVE t(n) AS (SELECT 0 UNION ALL SELECT n+1 FROM t WHERE n < ${TRIES - 1})
    INSERT INTO try SELECT n, 0, 'run-cut', '0', 'n1', 'htex', NULL, NULL, NULL, 'failed '||n, NULL
      FROM t;
    INSERT INTO status SELECT 0, 'running', strftime('%Y-%m-%d %H:%M:%f', 1.7e9 + try_id,
      'unixepoch'), 'run-cut', try_id FROM try WHERE try_id < ${named};
    INSERT INTO resource (try_id, task_id, run_id, timestamp) SELECT try_id, 0, 'run-cut',
      strftime('%Y-%m-%d %H:%M:%f', 1.7e9 + try_id, 'unixepoch') FROM try;`;
}

const all = Array.from({ length: TRIES }, (_, number) => number);

Deno.test("a task's record has every try that its states name", () =>
  withDirectory(async (directory) => {
    const path = caseDatabase("blocks-cut", `${directory}/named.db`, retried(TRIES));
    const database = await openDatabase(path);
    const record = (await database.task("run-cut", 0))!;
    assert.deepStrictEqual(record.tries.map(({ tryId }) => tryId), all);
    assert.equal(record.tries.at(-1)!.failHistory, `failed ${TRIES - 1}`);
    assert.deepStrictEqual(record.resources.map(({ tryId }) => tryId), all);
    database.close();
  }));

Deno.test("a task's record has every try that the run knows, whether a state names it or not", () =>
  withDirectory(async (directory) => {
    const path = caseDatabase("blocks-cut", `${directory}/known.db`, retried(3));
    const catalog = await openCatalog([path]);
    const followed = (await catalog.run("run-cut"))!;
    const record = (await followed.task(0))!;
    assert.deepStrictEqual(record.tries.map(({ tryId }) => tryId), all);
    assert.deepStrictEqual(record.resources.map(({ tryId }) => tryId), all);
    assert.equal(await followed.task(1), null);
    catalog.close();
  }));

Deno.test("a count of failures beyond reason costs no more than a few tries", () =>
  withDirectory(async (directory) => {
    const path = caseDatabase(
      "blocks-cut",
      `${directory}/odd.db`,
      "UPDATE task SET task_fail_count = 9e15",
    );
    const database = await openDatabase(path);
    assert.equal((await database.task("run-cut", 0))!.tries.length, 1);
    database.close();
  }));
