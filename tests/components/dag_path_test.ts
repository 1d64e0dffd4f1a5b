// What the list of the critical path says.

import assert from "node:assert/strict";
import { moreWords, pathWords } from "../../components/dag/path.tsx";
import type { CriticalAnswer } from "../../picture/dag/api.ts";

function path(steps: number, more: number): CriticalAnswer {
  const step = {
    taskId: 1,
    app: "a",
    part: "task" as const,
    group: "t1",
    index: 0,
    waiting: 0,
    queueing: 0,
    running: 1,
  };
  return {
    makespan: 2000,
    steps: Array.from({ length: steps }, () => step),
    more,
    waiting: 0,
    queueing: 0,
    running: 2000,
  };
}

Deno.test("one step is a step, several are steps", () => {
  assert.equal(pathWords(path(1, 0)), "1 step in 2.0 s");
  assert.equal(pathWords(path(3, 0)), "3 steps in 2.0 s");
  assert.equal(pathWords(path(1, 1)), "2 steps in 2.0 s");
  assert.equal(pathWords(path(500, 1500)), "2,000 steps in 2.0 s");
  assert.equal(moreWords(1), "The shortest step is not listed.");
  assert.equal(moreWords(1500), "The 1,500 shortest steps are not listed.");
});
