// A database that is taken away while the hub runs.

import assert from "node:assert/strict";
import { join } from "node:path";
import { openWriter } from "../../store/open_writer.ts";
import { ReopeningWriter } from "../../store/reopening_writer.ts";
import { WriteDelayed } from "../../store/writer.ts";
import { withDirectory } from "./helpers.ts";
import { change, query } from "./writer_helpers.ts";

async function reason(writing: Promise<unknown>): Promise<string> {
  try {
    await writing;
  } catch (error) {
    if (error instanceof WriteDelayed) return error.reason;
    throw error;
  }
  return "written";
}

Deno.test("reopening writer: a deleted database is made anew, with what comes from then on", () =>
  withDirectory(async (directory) => {
    const path = join(directory, "monitoring.db");
    const writer = new ReopeningWriter(await openWriter(path), () => openWriter(path), 0);
    await writer.write([change("task")], new Map([["c", 1]]));
    await Deno.remove(path);
    assert.deepStrictEqual(
      await writer.write([change("task", { task_id: 7 })], new Map([["c", 2]])),
      [],
    );
    assert.deepStrictEqual(await writer.acknowledged("c"), 2);
    await writer.close();
    assert.deepStrictEqual(query(path, "SELECT task_id FROM task"), [[7]]);
  }));

Deno.test("reopening writer: a moved database keeps what it has", () =>
  withDirectory(async (directory) => {
    const path = join(directory, "monitoring.db");
    const writer = new ReopeningWriter(await openWriter(path), () => openWriter(path), 0);
    await writer.write([change("task")]);
    await Deno.rename(path, `${path}.old`);
    await writer.write([change("task", { task_id: 7 })]);
    await writer.close();
    assert.deepStrictEqual(query(path, "SELECT task_id FROM task"), [[7]]);
    assert.deepStrictEqual(query(`${path}.old`, "SELECT count(*) FROM task"), [[1]]);
    assert.deepStrictEqual(query(`${path}.old`, "PRAGMA integrity_check"), [["ok"]]);
  }));

Deno.test("reopening writer: it waits a moment for a database to be put back", () =>
  withDirectory(async (directory) => {
    const path = join(directory, "monitoring.db");
    const writer = await openWriter(path);
    await writer.write([change("task")]);
    await Deno.rename(path, `${path}.old`);
    assert.deepStrictEqual(await reason(writer.write([change("task", { task_id: 7 })])), "failing");
    await Deno.rename(`${path}.old`, path);
    assert.deepStrictEqual(await reason(writer.write([change("task", { task_id: 7 })])), "written");
    await writer.close();
    assert.deepStrictEqual(query(path, "SELECT count(*) FROM task"), [[2]]);
  }));

Deno.test("reopening writer: without its folder it keeps failing, and goes on when it is back", () =>
  withDirectory(async (directory) => {
    const folder = join(directory, "runinfo");
    const path = join(folder, "monitoring.db");
    await Deno.mkdir(folder);
    const open = () => openWriter(path);
    let opened = 0;
    const writer = new ReopeningWriter(await open(), () => {
      opened++;
      return opened < 3 ? Promise.reject(new Error("no folder")) : open();
    }, 0);
    await writer.write([change("task")]);
    await Deno.remove(folder, { recursive: true });
    for (let i = 0; i < 2; i++) {
      assert.deepStrictEqual(
        await reason(writer.write([change("task", { task_id: 7 })])),
        "failing",
      );
    }
    assert.deepStrictEqual(await reason(writer.write([change("task", { task_id: 7 })])), "written");
    assert.ok(opened === 3, `${opened} attempts to open it`);
    await writer.close();
    assert.deepStrictEqual(query(path, "SELECT task_id FROM task"), [[7]]);
  }));
