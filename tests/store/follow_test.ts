import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { summaryView } from "../../model/views/summary.ts";
import { Catalog, type Loading } from "../../live/runs/catalog.ts";
import { openCatalog } from "../../live/runs/open_catalog.ts";
import type { MonitoringDatabase } from "../../store/database.ts";
import { DatabaseWatch } from "../../live/runs/database_watch.ts";
import { openDatabase } from "../../store/open.ts";
import { eventually } from "../support/eventually.ts";
import { climateIn, largeIn, plainCount, withDirectory } from "./helpers.ts";

async function largest(catalog: Catalog): Promise<string> {
  const entries = await catalog.workflows();
  return entries.sort((a, b) =>
    (b.workflow.tasksCompleted ?? 0) - (a.workflow.tasksCompleted ?? 0)
  )[0].workflow.runId;
}

Deno.test("follow: a run that is being read tells how far it is, and others have their turn", () =>
  withDirectory(async (directory) => {
    const catalog = await openCatalog([await largeIn(directory)]);
    const runId = await largest(catalog);
    const followed = await catalog.run(runId, 0);
    assert.ok(followed);
    assert.ok(followed.loading, "nothing was waited for");
    const seen: (Loading | null)[] = [];
    const unwatch = followed.watch(() => seen.push(followed.loading));
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    const steps: number[] = [];
    const watching = setInterval(() => {
      if (followed.loading) steps.push(followed.loading.done);
    }, 1);
    await followed.refresh();
    clearInterval(timer);
    clearInterval(watching);
    assert.equal(followed.loading, null);
    assert.equal(followed.run.tasks, 10_000);
    assert.ok(turns >= 3, `${turns} turns of others`);
    assert.deepEqual(steps, steps.toSorted((a, b) => a - b));
    assert.ok(new Set(steps).size >= 3, `progress ${steps}`);
    assert.equal(seen.at(-1), null, "the end is told");
    unwatch();
    catalog.close();
  }));

Deno.test("follow: a watched run takes in what is written, an unwatched one rests", () =>
  withDirectory(async (directory) => {
    const path = await climateIn(directory);
    const catalog = await openCatalog([path]);
    const runId = (await catalog.workflows())[0].workflow.runId;
    const other = (await catalog.workflows())[1].workflow.runId;
    const followed = await catalog.run(runId);
    assert.ok(followed);
    const before = followed.version;
    let told = 0;
    const unwatch = followed.watch(() => told++);
    const writer = new DatabaseSync(path);
    const add = writer.prepare(
      `INSERT INTO status (task_id, run_id, try_id, task_status_name, timestamp)
       VALUES (?, ?, 0, 'pending', '2030-01-01 00:00:00')`,
    );
    add.run(9000, runId);
    await eventually(() => Promise.resolve(followed.version !== before), "nothing was taken in");
    await eventually(() => Promise.resolve(told > 0), "nobody was told");
    await followed.refresh();
    const after = followed.version;
    // A row of another run is no news to this one.
    add.run(9001, other);
    await followed.refresh();
    assert.equal(followed.run.indexOf(9001), undefined);
    unwatch();
    assert.equal(followed.busy, false);
    writer.close();
    catalog.close();
    assert.ok(after !== before);
  }));

Deno.test("follow: all who watch a database share one question", async () => {
  /** A database that counts how often it is asked. */
  const counted = () => {
    const counts = { asked: 0, stamp: "1" };
    const stamp = () => {
      counts.asked++;
      return Promise.resolve(counts.stamp);
    };
    return { counts, database: { name: "counted", stamp } as unknown as MonitoringDatabase };
  };
  const { counts, database } = counted();
  const watch = new DatabaseWatch(database);
  let told = 0;
  const ends = Array.from({ length: 100 }, () => watch.watch(() => told++));
  assert.equal(watch.watchers, 100);
  assert.equal(counts.asked, 1);
  await eventually(() => Promise.resolve(counts.asked > 1), "it is not asked again");
  assert.ok(counts.asked < watch.watchers, `${counts.asked} questions`);
  assert.equal(told, 0);
  counts.stamp = "2";
  await eventually(() => Promise.resolve(told === 100), "not all were told");
  ends.forEach((end) => end());
  const before = counts.asked;
  // Another one that is watched is asked again meanwhile.
  const other = counted();
  const end = new DatabaseWatch(other.database).watch(() => {});
  await eventually(() => Promise.resolve(other.counts.asked > 2), "the other is not asked");
  end();
  assert.equal(counts.asked, before, "nobody watches, nobody asks");
});

Deno.test("follow: runs above the ceiling are dropped, and are the same when read again", () =>
  withDirectory(async (directory) => {
    const path = await climateIn(directory);
    const large = await largeIn(directory);
    const databases = [await openDatabase(path), await openDatabase(large)];
    const catalog = new Catalog(databases, { memory: 0.2 });
    const runs = (await catalog.workflows()).map(({ workflow }) => workflow.runId);
    const first = await catalog.run(runs[0]);
    assert.ok(first);
    const { version } = first;
    const view = JSON.stringify(summaryView(first.run, 0));
    const watched = await catalog.run(runs[1]);
    const unwatch = watched!.watch(() => {});
    const biggest = await largest(catalog);
    for (let round = 0; round < 2; round++) {
      for (const runId of runs.slice(2)) await catalog.run(runId);
      await catalog.run(biggest);
    }
    assert.ok(catalog.runs.size < runs.length, `${catalog.runs.size} runs stayed`);
    assert.equal(await catalog.find(runs[1]), watched, "a watched run stays");
    const again = await catalog.run(runs[0]);
    assert.ok(again && again !== first, "the first run was dropped");
    assert.notEqual(again.version, version, "views of the dropped one are not taken for its");
    assert.equal(JSON.stringify(summaryView(again.run, 0)), view);
    unwatch();
    catalog.close();
  }));

Deno.test("follow: a glance tells a run's size and newest time without reading it", () =>
  withDirectory(async (directory) => {
    const path = await largeIn(directory);
    const database = await openDatabase(path);
    const runIds = (await database.workflows()).map((w) => w.runId);
    const glances = await database.glance([...runIds, "no such run"]);
    const connection = new DatabaseSync(path, { readOnly: true });
    runIds.forEach((runId, i) => {
      assert.equal(glances[i].tasks, plainCount(path, "task", runId));
      const row = connection.prepare("SELECT max(timestamp) AS t FROM status WHERE run_id = ?")
        .get(runId);
      const newest = Date.parse(`${String(row?.t).replace(" ", "T")}Z`);
      assert.equal(Math.floor(glances[i].newest ?? 0), newest);
    });
    assert.deepEqual(glances.at(-1), { tasks: 0, newest: null });
    connection.close();
    database.close();
  }));
