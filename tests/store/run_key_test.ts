// What runs are asked for by, where databases hold runs with the same id.

import assert from "node:assert/strict";
import { join } from "node:path";
import { openCatalog } from "../../live/runs/open_catalog.ts";
import { databaseOfKey, keysOf } from "../../live/runs/run_key.ts";
import { namedRuns } from "../support/named_runs.ts";
import { withDirectory } from "./helpers.ts";

Deno.test("run key: a run that two databases have is listed twice, and each opens its own", () =>
  withDirectory(async (directory) => {
    const paths = ["a", "b", "c"].map((name) => join(directory, `${name}.db`));
    await namedRuns(paths[0], [{ id: "same", apps: ["of a"] }, { id: "only a" }]);
    await namedRuns(paths[1], [{ id: "same", apps: ["of b", "g"] }, { id: "same~3" }]);
    await namedRuns(paths[2], [{ id: "same", apps: ["of c", "g", "h"] }]);
    const catalog = await openCatalog(paths);
    const entries = await catalog.workflows();
    const keys = Object.fromEntries(
      entries.filter((e) => e.workflow.runId === "same").map((e) => [e.database, e.key]),
    );
    assert.deepStrictEqual(keys, {
      [paths[0]]: "same",
      [paths[1]]: "same~2",
      [paths[2]]: "same~03",
    });
    for (const [at, path] of paths.entries()) {
      const followed = await catalog.run(keys[path]);
      assert.equal(followed?.run.tasks, at + 1);
      assert.equal(followed.run.runId, "same");
      assert.equal(await catalog.run(keys[path]), followed, "it is read once");
    }
    assert.equal((await catalog.run("same~3"))?.run.tasks, 1, "an id is an id");
    assert.equal(await catalog.run("same~9"), null);
    assert.equal(await catalog.run("only a~2"), null);
    assert.equal((await catalog.run("only a~1"))?.run.tasks, 1);
    catalog.close();
  }));

Deno.test("run key: keys tell all runs apart", () => {
  const keys = keysOf([["a", "b~2", "b"], ["a", "b", "c"], ["a~3", "a", ""], ["", "c"]]);
  assert.deepStrictEqual(keys, [["a", "b~2", "b"], ["a~2", "b~02", "c"], ["a~3", "a~03", ""], [
    "~4",
    "c~4",
  ]]);
  assert.equal(new Set(keys.flat()).size, keys.flat().length);
  assert.deepStrictEqual(databaseOfKey("b~02"), { index: 1, runId: "b" });
  assert.deepStrictEqual(databaseOfKey("two\nlines~7~3"), { index: 2, runId: "two\nlines~7" });
  assert.equal(databaseOfKey("a~"), null);
});
