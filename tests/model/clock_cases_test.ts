// Recorded by clocks that differ or were set back: the figures of whole databases.
import assert from "node:assert/strict";
import { remarkText } from "../../components/remarks.tsx";
import { criticalPath } from "../../model/dag/critical_path.ts";
import { lanesOf } from "../../model/timeline/lanes.ts";
import { selectTasks, tasksCsv } from "../../model/tasks/table.ts";
import { parseTaskQuery } from "../../model/tasks/table.ts";
import { runTime } from "../../model/figures/try_times.ts";
import { resourcesView } from "../../model/views/resources.ts";
import { summaryView } from "../../model/views/summary.ts";
import type { Run } from "../../model/run/run.ts";
import { caseDatabase } from "../support/case_db.ts";
import { runsOf } from "./synthetic.ts";

async function runsOfCase(name: string, more = ""): Promise<Map<string, Run>> {
  const folder = await Deno.makeTempDir({ prefix: "parsloscope-test-" });
  try {
    const runs = await runsOf(caseDatabase(name, `${folder}/monitoring.db`, more));
    return new Map(runs.map((run) => [run.runId, run]));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const ran = (run: Run) =>
  [...run.tasksById()].map((task) => runTime(run, run.taskLastTry.data[task]));
const said = (run: Run) => summaryView(run, 0).remarks.map(remarkText);

Deno.test("clocks: workers five hours and eight seconds ahead, as recorded", async () => {
  const runs = await runsOfCase("worker-clock-ahead");
  const ahead = runs.get("run-ahead")!;
  assert.deepEqual(ran(ahead), [60_000, 40_000]);
  assert.deepEqual(said(ahead), [
    "pod-1's clock is 5 h ahead of the submit host's (±2.0 s); its times are shifted.",
  ]);
  const skew = runs.get("run-skew")!;
  assert.deepEqual(ran(skew), [5000, 30_000]);
  assert.deepEqual(said(skew), [
    "n7's clock is 8.2 s ahead of the submit host's (±300 ms); its times are shifted.",
  ]);
  for (const run of runs.values()) {
    const { hosts } = await lanesOf(run, false);
    assert.ok(hosts[0].busy > 30_000 && hosts[0].began >= run.began && hosts[0].ended <= run.end);
    const query = parseTaskQuery(new URLSearchParams());
    const csv = tasksCsv(run, selectTasks(run, query));
    assert.ok(csv.includes(run === ahead ? ",60,pod-1," : ",5,n7,"), csv);
    const workers = resourcesView(run, 0).workers.series[0].values;
    assert.ok(workers.some((busy) => busy === 1));
    assert.ok(criticalPath(run).queueing < 3000);
  }
});

Deno.test("clocks: the end of daylight saving within a run leaves figures unknown, never 0", async () => {
  const run = (await runsOfCase("dst-fallback")).get("run-dst")!;
  const { head, remarks, apps } = summaryView(run, 0);
  assert.equal(head.duration, null);
  assert.deepEqual(ran(run), [null, 40_000]);
  assert.equal(apps.find(({ app }) => app === "first")?.totalRun, null);
  assert.equal(criticalPath(run).makespan, null);
  assert.deepEqual(remarks.map(({ kind }) => kind), ["set-back"]);
});

Deno.test("clocks: a night in which only what tasks waited for shows that the hour came twice", async () => {
  // Task 1 waited for task 0 and was launched before that returned; no try spans the change.
  const run = (await runsOfCase(
    "dst-fallback",
    `UPDATE workflow SET time_began = '2025-11-02 00:30:00.000000', time_completed = '2025-11-02 02:40:00.000000';
     UPDATE task SET task_time_invoked = '2025-11-02 00:31:00.000000';
     UPDATE task SET task_time_returned = '2025-11-02 01:52:00.000000' WHERE task_id = 0;
     UPDATE try SET task_try_time_returned = '2025-11-02 01:51:59.000000' WHERE task_id = 0;
     UPDATE status SET timestamp = '2025-11-02 00:31:00.000000' WHERE task_status_name = 'pending';
     UPDATE status SET timestamp = '2025-11-02 01:51:58.000000'
       WHERE task_id = 0 AND task_status_name = 'running_ended';
     UPDATE status SET timestamp = '2025-11-02 01:52:00.000000'
       WHERE task_id = 0 AND task_status_name = 'exec_done';`,
  )).get("run-dst")!;
  assert.equal(summaryView(run, 0).head.duration, null);
  assert.deepEqual(ran(run), [118_000, 40_000]);
});
