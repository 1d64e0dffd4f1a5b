// A database that another program cuts off, writes over or takes away under an open hub.

import assert from "node:assert/strict";
import { join } from "node:path";
import { LaneClient } from "../../clients/typescript/mod.ts";
import { openWriter } from "../../store/open_writer.ts";
import { WriteDelayed } from "../../store/writer.ts";
import { change, query } from "../store/writer_helpers.ts";
import { climateIn, withDirectory } from "../store/helpers.ts";
import { eventually } from "../support/eventually.ts";
import { nodeMessage } from "./generated.ts";
import { integrity, rowsIn, withHub } from "./support.ts";

/** What another program does to a file at a path; other.db lies beside it. */
const SPOILING: [what: string, spoil: (path: string) => Promise<unknown>][] = [
  ["emptied", (path) => Deno.truncate(path, 0)],
  ["cut off", (path) => Deno.truncate(path, 8192)],
  ["no database any more", (path) => Deno.writeTextFile(path, "notes\n".repeat(20_000))],
  ["another database", async (path) => {
    // As cp does it: into the same file.
    await Deno.writeFile(path, await Deno.readFile(join(path, "..", "other.db")));
  }],
];

async function said(writing: Promise<unknown>): Promise<string> {
  try {
    await writing;
    return "";
  } catch (error) {
    assert.ok(error instanceof WriteDelayed, `${error}`);
    return error.message;
  }
}

for (const journalMode of ["wal", "delete"] as const) {
  for (const [what, spoil] of SPOILING) {
    Deno.test(`spoiled: a writer (${journalMode}) does not write to what is ${what}`, () =>
      withDirectory(async (directory) => {
        const path = join(directory, "monitoring.db");
        await climateIn(directory, "other.db");
        const writer = await openWriter(path, { journalMode });
        for (let task = 0; task < 50; task++) {
          await writer.write([change("task", { task_id: task })]);
        }
        await writer.tend();
        await spoil(path);
        const why = await said(writer.write([change("task", { task_id: 100 })]));
        // By its journal SQLite can tell one database from another; then it is opened anew.
        if (journalMode === "delete" && what === "another database") {
          assert.match(why, /was moved or deleted/);
        } else assert.match(why, /monitoring\.db was cut off or written over .*move it away/);
        await Deno.rename(path, `${path}.old`);
        await eventually(
          async () => await said(writer.write([change("task", { task_id: 100 })])) === "",
          "no new one is made",
        );
        await writer.close();
        assert.deepStrictEqual(query(path, "SELECT task_id FROM task"), [[100]]);
        assert.deepStrictEqual(query(path, "PRAGMA integrity_check"), [["ok"]]);
      }));
  }
}

Deno.test("spoiled: a database that another program compacts is written to as before", () =>
  withDirectory(async (directory) => {
    const path = join(directory, "monitoring.db");
    const writer = await openWriter(path, { journalMode: "delete" });
    for (let n = 0; n < 20; n++) {
      await writer.write(
        Array.from({ length: 100 }, (_, i) => change("task", { task_id: n * 100 + i })),
      );
    }
    query(path, "SELECT 1");
    const { DatabaseSync } = await import("node:sqlite");
    const other = new DatabaseSync(path);
    other.exec("DELETE FROM task WHERE task_id < 1900; VACUUM");
    other.close();
    assert.equal(await said(writer.write([change("task", { task_id: 5000 })])), "");
    await writer.close();
    assert.deepStrictEqual(query(path, "SELECT count(*) FROM task"), [[101]]);
  }));

for (const [what, spoil] of SPOILING) {
  Deno.test(`spoiled: a hub whose database is ${what} says so, keeps what comes, and goes on`, () =>
    withHub({}, async (hub, directory) => {
      await climateIn(directory, "other.db");
      const lane = new LaneClient(hub.place);
      try {
        for (let n = 1; n <= 200; n++) lane.send(...nodeMessage("before", n));
        await lane.flush();
        await spoil(hub.database);
        for (let n = 1; n <= 50; n++) lane.send(...nodeMessage("after", n));
        await eventually(
          () => Promise.resolve(/was cut off or written over/.test(hub.output())),
          "nothing is said",
        );
        await Deno.rename(hub.database, `${hub.database}.old`);
        await lane.flush();
        assert.equal(rowsIn(hub.database, "node"), 50);
        await eventually(
          () => Promise.resolve(/The database is written again/.test(hub.output())),
          "that it is over is not said",
        );
        await hub.stop();
        assert.equal(integrity(hub.database), "ok");
      } finally {
        lane.abandon();
      }
    }));
}

Deno.test("spoiled: a hub whose database is deleted says so, and makes a new one", () =>
  withHub({}, async (hub) => {
    const lane = new LaneClient(hub.place);
    try {
      lane.send(...nodeMessage("before", 1));
      await lane.flush();
      await Deno.remove(hub.database);
      lane.send(...nodeMessage("after", 2));
      await lane.flush();
      assert.match(hub.output(), /was moved or deleted/);
      await hub.stop();
      assert.equal(rowsIn(hub.database, "node"), 1);
    } finally {
      lane.abandon();
    }
  }));
