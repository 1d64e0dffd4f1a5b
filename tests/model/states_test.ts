// What the names of states mean, whatever release of Parsl wrote them.
import assert from "node:assert/strict";
import {
  isCompleted,
  isFailed,
  isFinal,
  isStampedByWorker,
  LIFECYCLE,
  stateOf,
  statePlace,
  stateRank,
} from "../../parsl/states.ts";

Deno.test("states: names of old releases mean what today's do", () => {
  const old = {
    unsched: "pending",
    runnable: "pending",
    retry: "fail_retryable",
    done: "exec_done",
  };
  for (const [name, today] of Object.entries(old)) {
    assert.equal(stateOf(name), today);
    assert.equal(stateRank(name), stateRank(today));
    assert.equal(statePlace(name), statePlace(today));
    assert.equal(isFinal(name), isFinal(today));
    assert.equal(isCompleted(name), isCompleted(today));
  }
  assert.ok(isFinal("done") && isCompleted("done") && !isFailed("done"));
});

Deno.test("states: a name that is not known is before the final ones, and none of anything", () => {
  for (const name of ["dreaming", "", "constructor", "__proto__", "toString"]) {
    assert.equal(stateOf(name), null);
    assert.equal(stateRank(name), 5);
    assert.equal(statePlace(name), LIFECYCLE.length);
    assert.ok(!isFinal(name) && !isFailed(name) && !isCompleted(name) && !isStampedByWorker(name));
  }
});

Deno.test("states: today's are in the order of their life, those of a worker apart", () => {
  assert.deepStrictEqual(LIFECYCLE.map(statePlace), LIFECYCLE.map((_, place) => place));
  assert.deepStrictEqual(LIFECYCLE.filter(isStampedByWorker), ["running", "running_ended"]);
  assert.deepStrictEqual(LIFECYCLE.filter(isFinal), [
    "exec_done",
    "memo_done",
    "failed",
    "dep_fail",
  ]);
});
