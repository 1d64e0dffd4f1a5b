// A trace that tells what no reader of a database could take for what it is, is not imported.
import assert from "node:assert/strict";
import { join } from "node:path";
import { ImportError } from "../../import/import_error.ts";
import { importTrace } from "../../import/import_trace.ts";
import { openDatabase } from "../../store/open.ts";
import { readAll, withDirectory } from "../store/helpers.ts";

/** A trace of two tasks, with some fields of the first one, and of the whole, replaced. */
function trace(task: object = {}, execution: object = {}, machine: object = {}): string {
  const spec = (id: string) => ({ id, name: id, parents: [], children: [] });
  return JSON.stringify({
    name: "w",
    schemaVersion: "1.5",
    createdAt: "2024-01-01T00:00:00Z",
    workflow: {
      specification: { tasks: [spec("a"), spec("b")] },
      execution: {
        makespanInSeconds: 10,
        executedAt: "2024-01-01T00:00:00Z",
        tasks: [
          { id: "a", runtimeInSeconds: 5, memoryInBytes: 1e6, machines: ["m"], ...task },
          { id: "b", runtimeInSeconds: 5 },
        ],
        machines: [{ nodeName: "m", memoryInBytes: 1e9, cpu: { coreCount: 4 }, ...machine }],
        ...execution,
      },
    },
  });
}

const REFUSED: Record<string, [text: string, why: RegExp]> = {
  "run times that never end": [trace({ runtimeInSeconds: 1e308 }), /none that a task takes/],
  "the year 10000": [
    trace({}, { executedAt: "9999-12-31T23:59:59Z" }),
    /t\.json cannot be imported: by its run times it ends after the year 9999\.$/,
  ],
  "memory": [
    trace({ memoryInBytes: 1e300 }),
    /t\.json cannot be imported: the psutil_process_memory_resident of its task number 0 is 1e\+300 where a number from 0 to 2\^63 belongs\.$/,
  ],
  "cores": [trace({}, {}, { cpu: { coreCount: 2 ** 40 } }), /cpu_count is 1099511627776/],
  "a NUL in a name": [trace({}).replace('"w"', '"w\\u0000"'), /workflow_name is .*without a NUL/],
};

for (const [what, [text, why]] of Object.entries(REFUSED)) {
  Deno.test(`import: ${what} which no reader takes is refused, and nothing is made`, () =>
    withDirectory(async (directory) => {
      const path = join(directory, "out.db");
      await assert.rejects(
        importTrace(text, "t.json", path, false),
        (error) =>
          error instanceof ImportError && why.test(error.message) || assert.fail(`${error}`),
      );
      assert.deepStrictEqual([...Deno.readDirSync(directory)], []);
    }));
}

Deno.test("import: great figures that can be read are imported", () =>
  withDirectory(async (directory) => {
    const path = join(directory, "out.db");
    const text = trace({ memoryInBytes: 2 ** 60 }, { executedAt: "9998-12-31T23:59:59Z" });
    const { runId } = await importTrace(text, "t.json", path, false);
    const database = await openDatabase(path);
    const { rows } = await readAll(database, runId);
    assert.equal(rows.resources[0].resident, 2 ** 60);
    assert.equal(rows.tasks.length, 2);
    database.close();
  }));
