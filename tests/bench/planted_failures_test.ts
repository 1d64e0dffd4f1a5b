// The causes found in a generated run are those that the generator planted.

import { deepStrictEqual, equal, ok } from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { generate } from "../../bench/generate/generate.ts";
import { STAGE_APPS } from "../../bench/generate/apps.ts";
import { failureGroups } from "../../model/figures/figures.ts";
import { runsOf } from "../model/synthetic.ts";

/** What an app's tries fail of, whatever its numbers: a bash app's by exit code. */
function planted(app: string, text: string): string | null {
  if (text.startsWith("ManagerLost")) return "ManagerLost";
  if (/^(?:Dependency|Join)Error/.test(text)) return null;
  const { failure } = Object.values(STAGE_APPS).find(({ name }) => name === app)!;
  if (!failure.startsWith("BashExitFailure")) return failure;
  const codes = [...text.matchAll(/BashExitFailure\([^,]*, (\d+)\)/g)];
  return `${app} ${codes.at(-1)![1]}`;
}

Deno.test("generated: each planted cause is one group, of all tries that failed of it", async () => {
  const folder = await Deno.makeTempDir({ prefix: "parsloscope-test-" });
  try {
    const { path } = await generate(`${folder}/monitoring.db`, { tasks: 12_000, seed: 5 });
    const database = new DatabaseSync(path, { readOnly: true });
    const tries = database.prepare(
      "SELECT task_func_name app, task_fail_history text FROM try NATURAL JOIN task " +
        "WHERE task_fail_history <> ''",
    ).all() as { app: string; text: string }[];
    database.close();
    const expected = new Map<string, number>();
    for (const { app, text } of tries) {
      const cause = planted(app, text);
      if (cause !== null) expected.set(cause, (expected.get(cause) ?? 0) + 1);
    }
    ok(tries.some(({ text }) => text.startsWith("RemoteError(")), "some have a traceback");
    const [run] = await runsOf(path);
    const groups = failureGroups(run).filter(({ cause, tries }) =>
      tries > 0 && !cause.startsWith("JoinError")
    );
    equal(groups.length, expected.size, groups.map(({ cause }) => cause).join("\n"));
    const sizes = (counts: Iterable<number>) => [...counts].sort((a, b) => a - b);
    deepStrictEqual(sizes(groups.map(({ tries }) => tries)), sizes(expected.values()));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
