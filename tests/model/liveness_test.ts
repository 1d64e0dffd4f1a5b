import assert from "node:assert/strict";
import {
  liveness,
  LOST_AFTER_MS,
  newestTime,
  submitHostOffset,
} from "../../model/figures/liveness.ts";
import { Run } from "../../model/run/run.ts";
import { rows, status, T0, taskRow, workflowRow } from "./synthetic.ts";

const HOUR = 3_600_000;

Deno.test("a run that ended is completed or failed, and not silent", () => {
  assert.deepEqual(liveness(T0, 0, T0, T0 + HOUR), { status: "completed", silence: null });
  assert.deepEqual(liveness(T0, 1, T0, T0 + HOUR), { status: "failed", silence: null });
});

Deno.test("a run without an end is lost after a long silence only", () => {
  assert.deepEqual(liveness(null, 0, T0, T0 + 5000), { status: "running", silence: 5000 });
  assert.deepEqual(liveness(null, 3, T0, T0 + LOST_AFTER_MS).status, "running");
  assert.deepEqual(liveness(null, 0, T0, T0 + LOST_AFTER_MS + 1), {
    status: "lost",
    silence: LOST_AFTER_MS + 1,
  });
  // A viewer whose clock is behind sees a run of this moment.
  assert.deepEqual(liveness(null, 0, T0, T0 - 30_000), { status: "running", silence: 0 });
});

Deno.test("the submit host's zone is told from its newest row and the file's time", () => {
  for (const hours of [-12, -9.5, -8, 0, 1, 5.5, 5.75, 14]) {
    const offset = submitHostOffset(T0 + hours * HOUR - 4000, T0, 2 * HOUR);
    assert.ok(offset === hours * HOUR, `${hours} h: ${offset}`);
  }
  // Copied a day later, or silent before the last write: no zone explains it.
  assert.equal(submitHostOffset(T0, T0 + 24 * HOUR, 2 * HOUR), 2 * HOUR);
  assert.equal(submitHostOffset(T0, T0 + 6 * 60_000, 2 * HOUR), 2 * HOUR);
  assert.equal(submitHostOffset(T0 + 15 * HOUR, T0, 2 * HOUR), 2 * HOUR);
});

Deno.test("the newest time is of any row, and the run's beginning when there is none", () => {
  const run = new Run(workflowRow({ completed: null }));
  assert.equal(newestTime(run), T0);
  run.fold(rows({ tasks: [taskRow(0)], statuses: [status(0, "pending", 7)] }));
  run.fold(rows({ statuses: [status(0, "launched", 3)] }));
  assert.equal(newestTime(run), T0 + 7000);
});
