// Words in the texts of a run that is followed: looked for once, and then in what is new.

import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { textWords } from "../../model/tasks/search_terms.ts";
import { Catalog, type FollowedRun } from "../../live/runs/catalog.ts";
import { DatabaseError, type MonitoringDatabase, START } from "../../store/database.ts";
import { openDatabase } from "../../store/open.ts";
import { caseDatabase } from "../support/case_db.ts";
import { CLIMATE_RUN } from "../support/fixtures.ts";
import { CLIMATE, climateIn, withDirectory } from "./helpers.ts";
import { type Asked, find, watched } from "./text_search_helpers.ts";

/** A run in a file of its own that tests write on, and those who search it. */
async function growing(
  directory: string,
  test: (scene: {
    followed: FollowedRun;
    writer: DatabaseSync;
    asked: Asked[];
    task(id: number, stderr: string | null, inputs?: string | null): void;
    fails(id: number, number: number, history: string): void;
  }) => Promise<void>,
): Promise<void> {
  const path = caseDatabase(
    "blocks-cut",
    join(directory, "growing.db"),
    "DELETE FROM task; DELETE FROM try; DELETE FROM status; DELETE FROM block;" +
      "UPDATE workflow SET time_completed = NULL",
  );
  const { database, asked } = watched(await openDatabase(path));
  const catalog = new Catalog([database]);
  const writer = new DatabaseSync(path);
  writer.exec("PRAGMA synchronous = OFF");
  let second = 0;
  const now = () =>
    `2025-09-07 10:${String(Math.floor(second / 60)).padStart(2, "0")}:${
      String(second++ % 60).padStart(2, "0")
    }.000000`;
  const status = (id: number, number: number, state: string) =>
    writer.prepare("INSERT INTO status VALUES (?, ?, ?, 'run-cut', ?)").run(
      id,
      state,
      now(),
      number,
    );
  try {
    const followed = (await catalog.run("run-cut"))!;
    await test({
      followed,
      writer,
      asked,
      task(id, stderr, inputs = null) {
        writer.prepare(
          "INSERT INTO task VALUES (?, 'run-cut', '', 'a', '0', NULL, ?, '[]', NULL, NULL, ?," +
            " NULL, NULL, 0, 0)",
        ).run(id, inputs, stderr);
        writer.prepare(
          "INSERT INTO try VALUES (0, ?, 'run-cut', '0', 'n1', 'htex', NULL, NULL, NULL, '', NULL)",
        ).run(id);
        status(id, 0, "pending");
      },
      fails(id, number, history) {
        writer.prepare(
          "INSERT INTO try VALUES (?, ?, 'run-cut', '0', 'n1', 'htex', NULL, NULL, NULL, '', NULL)" +
            " ON CONFLICT DO NOTHING",
        ).run(number, id);
        // Parsl adds the status in one transaction and changes the try in the next.
        status(id, number, "fail_retryable");
        writer.prepare("UPDATE try SET task_fail_history = ? WHERE task_id = ? AND try_id = ?")
          .run(history, id, number);
      },
    });
  } finally {
    writer.close();
    catalog.close();
  }
}

Deno.test("text search: as a run grows only what is new or changed is looked at", () =>
  withDirectory((directory) =>
    growing(directory, async ({ followed, writer, asked, task, fails }) => {
      writer.exec("BEGIN");
      for (let id = 0; id < 1000; id++) task(id, `/r/${id === 17 ? "isr_17" : "other"}.err`);
      writer.exec("COMMIT");
      await followed.refresh();
      assert.deepStrictEqual(await find(followed, "file:isr_17"), [17]);
      assert.deepStrictEqual(await find(followed, "error:Boom"), []);
      assert.deepStrictEqual(asked.map(({ rows }) => rows).filter((n) => n > 0), [1000, 1000]);
      // No row is looked at again for the same words.
      assert.deepStrictEqual(await find(followed, "file:isr_17 error:Boom"), []);
      assert.equal(asked.filter(({ rows }) => rows > 0).length, 2);

      task(1000, "/r/isr_17_again.err");
      fails(3, 0, "Boom('first')");
      fails(3, 1, "Boom('first'), Bang('second')");
      await followed.refresh();
      assert.deepStrictEqual(await find(followed, "file:isr_17"), [17, 1000]);
      assert.deepStrictEqual(await find(followed, "error:Boom"), [3]);
      assert.deepStrictEqual(await find(followed, "error:second"), [3]);
      const again = asked.slice(2).filter(({ since }) => since > 0);
      assert.ok(again.length >= 2);
      for (const { word, rows } of again) assert.ok(rows <= 10, `${rows} rows for ${word}`);

      // Inputs are known when what they wait for is there.
      writer.prepare("UPDATE task SET task_inputs = '[<File big.nc>]' WHERE task_id = 5").run();
      fails(5, 0, "");
      await followed.refresh();
      assert.deepStrictEqual(await find(followed, "big.nc"), [5]);
      writer.prepare("UPDATE task SET task_inputs = '[<File small.nc>]' WHERE task_id = 5").run();
      fails(5, 1, "");
      await followed.refresh();
      assert.deepStrictEqual(await find(followed, "big.nc"), [], "it does not say so any more");
      assert.deepStrictEqual(await find(followed, "small.nc"), [5]);
    })
  ));

Deno.test("text search: a failure that is written after its status is found all the same", () =>
  withDirectory((directory) =>
    growing(directory, async ({ followed, writer, task, fails }) => {
      writer.exec("BEGIN");
      for (let id = 0; id < 600; id++) task(id, null);
      fails(599, 0, "");
      writer.exec("COMMIT");
      await followed.refresh();
      assert.deepStrictEqual(await find(followed, "error:late"), []);
      writer.prepare("UPDATE try SET task_fail_history = 'late()' WHERE task_id = 599").run();
      await followed.refresh();
      assert.deepStrictEqual(await find(followed, "error:late"), [599]);
    })
  ));

Deno.test("text search: row ids may lie far apart", () =>
  withDirectory((directory) =>
    growing(directory, async ({ followed, writer, task }) => {
      for (const id of [0, 1, 2]) task(id, `/r/far_${id}.err`);
      writer.exec("UPDATE task SET rowid = 4000000000000 + rowid WHERE task_id = 1");
      writer.exec("UPDATE task SET rowid = 8000000000000 + rowid WHERE task_id = 2");
      const until = { ...START, task: 9e12, try: 3, status: 3 };
      const found: number[] = [];
      const word = { field: "stderr", text: "far_" } as const;
      let slices = 0;
      for await (const slice of followed.database.searchTexts("run-cut", word, START, until)) {
        found.push(...slice.found);
        assert.ok(++slices < 10, "gaps are not passed over");
      }
      assert.deepStrictEqual(found, [0, 1, 2]);
    })
  ));

Deno.test("text search: of a file that was rebuilt everything is looked at again", () =>
  withDirectory((directory) =>
    growing(directory, async ({ followed, writer, task }) => {
      for (let id = 0; id < 20; id++) task(id, `/r/${id}_before.err`);
      await followed.refresh();
      assert.equal((await find(followed, "stderr:before")).length, 20);
      writer.exec("DELETE FROM task; DELETE FROM try; DELETE FROM status");
      task(0, "/r/after.err");
      task(7, "/r/0_before.err");
      await followed.refresh();
      assert.deepStrictEqual(await find(followed, "stderr:before"), [7]);
      assert.deepStrictEqual(await find(followed, "stderr:after"), [0]);
    })
  ));

Deno.test("text search: what is not known yet is said, and told when it is", async () => {
  let go: () => void = () => {};
  const gate = new Promise<void>((resolve) => go = resolve);
  const opened = await openDatabase(CLIMATE);
  const database = new Proxy(opened, {
    get(target, name) {
      const value = Reflect.get(target, name, target);
      if (name !== "searchTexts") return typeof value === "function" ? value.bind(target) : value;
      const held: MonitoringDatabase["searchTexts"] = async function* (...args) {
        yield { found: [12], lost: [], watermark: { ...START, task: 10 }, done: 10, total: 40 };
        await gate;
        yield* target.searchTexts(...args);
      };
      return held;
    },
  });
  const catalog = new Catalog([database]);
  const followed = (await catalog.run(CLIMATE_RUN))!;
  const words = textWords("file:wc.stderr");
  let told = 0;
  const unwatch = followed.watch(() => told++);
  const part = await followed.texts.ask(words, 50);
  assert.deepStrictEqual(part.progress, { done: 10, total: 40 });
  const set = part.of(words[0])!;
  assert.deepStrictEqual([12, 13].map((id) => set.has(followed.run.indexOf(id)!)), [true, false]);
  const turn = followed.texts.turn(words);
  go();
  const whole = await followed.texts.complete(words);
  assert.equal(whole.progress, null);
  assert.notEqual(whole.stamp, part.stamp);
  assert.ok(followed.texts.turn(words) > turn && told > 0, "nobody was told");
  assert.ok(whole.of(words[0])!.has(followed.run.indexOf(13)!));
  unwatch();
  catalog.close();
});

Deno.test("text search: a database that cannot be read is a sentence, not the end", async () => {
  const opened = await openDatabase(CLIMATE);
  let broken = true;
  const database = new Proxy(opened, {
    get(target, name) {
      const value = Reflect.get(target, name, target);
      if (name === "searchTexts" && broken) {
        return () => {
          throw new DatabaseError("climate.db is damaged; copy it again.");
        };
      }
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  const catalog = new Catalog([database]);
  const followed = (await catalog.run(CLIMATE_RUN))!;
  const words = textWords("bf.err");
  const texts = await followed.texts.ask(words, 5000);
  assert.equal(texts.problem, "climate.db is damaged; copy it again.");
  assert.equal(texts.progress, null, "nothing is under way");
  await assert.rejects(followed.texts.complete(words), DatabaseError);
  broken = false;
  assert.deepStrictEqual(await find(followed, "stderr:bf.err"), [34], "another word is found");
  catalog.close();
});

Deno.test("text search: of very many words the ones unused for longest are forgotten", () =>
  withDirectory(async (directory) => {
    const { database, asked } = watched(await openDatabase(await climateIn(directory)));
    const catalog = new Catalog([database]);
    const followed = (await catalog.run(CLIMATE_RUN))!;
    await find(followed, "file:first");
    const { bytes } = followed.texts;
    for (let i = 0; i < 100; i++) await find(followed, `file:word${i}`);
    assert.ok(followed.texts.bytes <= 40 * bytes, `${followed.texts.bytes} bytes`);
    assert.equal(asked.length, 101);
    await find(followed, "file:word99");
    assert.equal(asked.length, 101);
    await find(followed, "file:first");
    assert.equal(asked.length, 102);
    catalog.close();
  }));
