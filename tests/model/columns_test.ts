import assert from "node:assert/strict";
import { Clock } from "../../model/run/clock.ts";
import { Floats, Ints, SmallInts } from "../../model/run/columns.ts";
import { Fleet } from "../../model/run/fleet.ts";
import { IdIndex } from "../../model/run/id_index.ts";
import { Run } from "../../model/run/run.ts";
import { medianOf, select } from "../../model/figures/select.ts";
import { Causes } from "../../model/run/causes.ts";
import { appSeries, stateSeries } from "../../model/figures/series.ts";
import { selectTasks, taskPage } from "../../model/tasks/table.ts";
import { SORT_KEYS } from "../../model/tasks/columns.ts";
import type { TaskQuery } from "../../model/tasks/query.ts";
import { node, rows, sample, seeded, shuffled, status, T0, taskRow } from "./synthetic.ts";
import { tryRow, workflowRow } from "./synthetic.ts";

Deno.test("columns hold what was pushed, past every growth", () => {
  const floats = new Floats();
  const ints = new Ints();
  for (let i = 0; i < 20_000; i++) {
    floats.push(i % 3 === 0 ? null : i / 7);
    ints.push(i - 5000);
  }
  for (let i = 0; i < 20_000; i++) {
    assert.equal(floats.get(i), i % 3 === 0 ? null : i / 7);
    assert.equal(ints.data[i], i - 5000);
  }
  assert.ok(floats.bytes < 20_000 * 8 * 1.2 && ints.bytes < 20_000 * 4 * 1.2);
});

Deno.test("small integers widen when a value needs it, and keep the others", () => {
  for (const [most, bytes] of [[127, 1], [128, 2], [-129, 2], [32768, 4], [2 ** 31 - 1, 4]]) {
    const column = new SmallInts();
    for (let i = 0; i < 5000; i++) column.push(i === 3333 ? most : i % 100 - 1);
    for (let i = 0; i < 5000; i++) assert.equal(column.data[i], i === 3333 ? most : i % 100 - 1);
    assert.equal(column.data.BYTES_PER_ELEMENT, bytes);
    column.set(7, -(2 ** 31));
    assert.deepEqual([column.data[7], column.data[3333], column.length], [-(2 ** 31), most, 5000]);
  }
});

Deno.test("ids are found wherever they lie, and come in order", () => {
  const ids = [0, 5, 3, -2, 1e9, 70_000, 2 ** 31 + 5, -7, 1, 400_000, 90_001];
  const index = new IdIndex();
  ids.forEach((id, at) => index.set(id, at));
  ids.forEach((id, at) => assert.equal(index.get(id), at, `${id}`));
  for (const id of [2, -1, 1e9 + 1, 70_001, 2 ** 40]) assert.equal(index.get(id), undefined);
  assert.deepEqual(
    Array.from(index.ordered(), (at) => ids[at]),
    [...ids].sort((a, b) => a - b),
  );
  assert.ok(index.bytes < 500_000);
});

Deno.test("selecting and medians are those of sorting", () => {
  const random = seeded(5);
  for (let i = 0; i < 300; i++) {
    const values = Float64Array.from(
      { length: 1 + Math.floor(random() * 40) },
      () => Math.floor(random() * (i % 2 ? 5 : 1e6)),
    );
    const sorted = [...values].sort((a, b) => a - b);
    const k = Math.floor(random() * values.length);
    assert.equal(select(values.slice(), 0, values.length, k), sorted[k]);
    const middle = sorted.length >> 1;
    const median = sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    assert.equal(medianOf(Float64Array.of(NaN, ...values), 1, values.length + 1), median);
  }
});

Deno.test("a clock coarsens when times lie months apart, and keeps the order", () => {
  const column = new Ints();
  const clock = new Clock(-Infinity, [column]);
  const times = [T0, T0 + 0.25, T0 + 1.5, T0 + 5e9, T0 - 9e9, T0 + 6e12];
  times.forEach((time) => column.push(clock.tick(time)));
  for (let i = 0; i < times.length; i++) {
    const back = clock.timeOf(column.data[i]);
    assert.ok(back >= times[i] && back - times[i] <= 4096, `${times[i]} became ${back}`);
  }
  assert.equal(new Clock(T0, []).round(T0 - 5000), T0);
});

Deno.test("an outlier in time leaves the counts right", () => {
  const run = new Run(workflowRow({ completed: null }));
  run.fold(rows({ statuses: [status(0, "running", 1), status(1, "running", 2)] }));
  run.fold(rows({ statuses: [status(1, "exec_done", 4e9)] }));
  run.fold(rows({ statuses: [status(0, "exec_done", 3), status(0, "launched", 0.5)] }));
  const ends = stateSeries(run).series.map(({ name, values }) => [name, values.at(-1)]);
  assert.deepEqual(ends, [["launched", 0], ["running", 0], ["exec_done", 2]]);
});

Deno.test("managers that repeat themselves take no room", () => {
  const fleet = new Fleet();
  for (let i = 0; i < 1000; i++) fleet.addNode(node("m1", i));
  fleet.addNode(node("m1", 1000, { active: false }));
  fleet.addNode(node("m2", 500));
  const seconds = fleet.nodes.map((row) => (row.time! - T0) / 1000);
  assert.deepEqual(seconds, [0, 999, 1000, 500]);
});

Deno.test("causes and their examples are bounded", () => {
  const causes = new Causes();
  const word = (i: number) => [...String(i)].map((digit) => "abcdefghij"[Number(digit)]).join("");
  for (let i = 0; i < 3000; i++) causes.of(`${"x".repeat(9000)}\nError${word(i)}: ${i}`);
  assert.equal(causes.list.length, 1001);
  assert.equal(causes.of("new one"), 1000);
  assert.equal(causes.list[1000], "other failures");
  assert.equal(causes.merged, 2001);
  assert.equal(causes.of(`${"x".repeat(9000)}\nErrorf: 99`), 5);
  assert.match(causes.list[5], /^x+…x+ Errorf: …$/);
  assert.ok(causes.examples.every((text) => text.length < 5000));
  assert.ok(causes.examples[5].endsWith("Errorf: 5"));
});

Deno.test("apps beyond the 256th are counted together", () => {
  const run = new Run(workflowRow({ completed: null }));
  const ids = Array.from({ length: 600 }, (_, id) => id);
  run.fold(rows({
    tasks: ids.map((id) => taskRow(id, { app: `app${id}` })),
    tries: ids.map((id) => tryRow(id)),
    statuses: ids.map((id) => status(id, "running", 1 + id / 100)),
  }));
  const { series } = appSeries(run);
  assert.equal(series.length, 9);
  assert.equal(series.reduce((sum, { values }) => sum + values.at(-1)!, 0), 600);
  assert.ok(run.bytes < 3e6);
});

Deno.test("a page of the table is a part of the whole, for any order, filter and gaps", () => {
  const random = seeded(9);
  const run = new Run(workflowRow());
  const ids = shuffled(Array.from({ length: 400 }, (_, i) => i * 3 + (i > 390 ? 1e8 : 0)), random);
  const some = () => ids.filter(() => random() < 0.8);
  run.fold(rows({
    tasks: some().map((id) =>
      taskRow(id, {
        app: "abc"[id % 3],
        invoked: id % 5 === 0 ? null : T0 + Math.floor(random() * 9) * 1000,
      })
    ),
    tries: some().flatMap((id) =>
      [2, 0, 1].slice(0, 1 + id % 3).map((n) => tryRow(id, n, { hostname: `node${n}` }))
    ),
    statuses: some().flatMap((id) => [
      status(id, "running", Math.floor(random() * 9), id % 2),
      status(id, "exec_done", 9 + Math.floor(random() * 9), id % 2),
    ]),
    resources: some().map((id) => sample(id, 3, 1, Math.floor(random() * 5))),
  }));
  const base: TaskQuery = {
    sort: "id",
    descending: false,
    search: "",
    state: "",
    app: "",
    related: null,
    page: 1,
    perPage: 7,
  };
  for (const sort of SORT_KEYS) {
    for (const descending of [false, true]) {
      for (
        const news of [{}, { app: "b" }, { search: "1" }, { search: "30" }, { search: "node2" }]
      ) {
        const query = { ...base, sort, descending, ...news };
        const all = selectTasks(run, query);
        const pages = Math.max(1, Math.ceil(all.length / 7));
        const parts = Array.from(
          { length: pages },
          (_, i) => taskPage(run, { ...query, page: i + 1 }),
        );
        assert.deepEqual(parts.flatMap(({ tasks }) => tasks), all, JSON.stringify(query));
        assert.ok(parts.every((part) => part.total === all.length && part.pages === pages));
        assert.ok(all.length > 5);
        if (query.search === "30") {
          const found = (id: number) => String(id).includes("30");
          assert.deepEqual(all.map((t) => run.taskId.data[t]).filter(found).length, all.length);
          const expected = Array.from({ length: run.tasks }, (_, t) => run.taskId.data[t]).filter(
            found,
          );
          assert.equal(all.length, expected.length);
        }
      }
    }
  }
});
