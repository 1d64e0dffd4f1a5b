import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { unfinishedFile } from "../../bench/scale/file.ts";
import { flightFrom } from "../../bench/scale/flight.ts";
import { lagOf } from "../../bench/scale/lag.ts";
import { doneOf, Messages } from "../../bench/scale/stream.ts";
import { diff } from "../../live/broadcast/patch.ts";

Deno.test("a commit is seen with the first count that is as high", () => {
  const commits = [[1000, 5], [1250, 9], [1500, 12]] as const;
  const seen = [[900, 4], [1300, 9], [1490, 12]] as const;
  assert.deepStrictEqual(lagOf(commits, seen), {
    median: 50,
    most95: 300,
    longest: 300,
    commits: 3,
  });
  assert.deepStrictEqual(lagOf(commits, seen.slice(0, 2)).longest, Infinity);
});

Deno.test("clients that got the same messages know the same", () => {
  const view = (count: number) => ({
    head: { tasks: 10, states: [{ name: "exec_done", count }, { name: "running", count: 1 }] },
  });
  const whole = JSON.stringify({ view: view(3), loading: { done: 1, total: 2 } });
  const change = JSON.stringify({ patch: diff(view(3), view(4)), loading: null });
  const messages = new Messages();
  const first = messages.after(null, whole);
  assert.deepStrictEqual([doneOf(first), first.loading], [3, { done: 1, total: 2 }]);
  const second = messages.after(first, change);
  assert.deepStrictEqual([doneOf(second), second.loading], [4, null]);
  assert.ok(messages.after(messages.after(null, whole), change) === second, "it is read again");
});

Deno.test("a run that goes on ends each task once", async () => {
  const folder = await Deno.makeTempDir({ prefix: "parsloscope-test-" });
  try {
    const asked = Date.now();
    const { path, run, done } = await unfinishedFile(folder, 1000);
    const database = new DatabaseSync(path, { enableForeignKeyConstraints: false });
    const count = (sql: string) => (database.prepare(sql).get(run) as { count: number }).count;
    const ended = "SELECT count(*) AS count FROM status WHERE run_id = ? " +
      "AND task_status_name = 'exec_done'";
    const before = count(ended);
    assert.deepStrictEqual(before, done);
    const { newest } = database.prepare("SELECT max(timestamp) AS newest FROM status").get() as {
      newest: string;
    };
    const at = new Date(newest.replace(" ", "T")).getTime();
    assert.ok(at > asked - 60_000 && at <= Date.now(), `the newest row is of ${newest}`);
    let more = 0;
    database.exec("BEGIN");
    for (let round = 0; round < 2; round++) {
      const flight = flightFrom(database, run);
      for (let n = 0; n < 3000; n++) if (flight.next() === "done") more++;
    }
    database.exec("COMMIT");
    assert.ok(more > 500, `only ${more} tasks ended`);
    assert.deepStrictEqual(count(ended), before + more);
    assert.deepStrictEqual(
      count(ended.replace("count(*)", "count(DISTINCT task_id)")),
      before + more,
    );
    database.close();
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
