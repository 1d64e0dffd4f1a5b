// What the DAG page asks the server, over the network.

import assert from "node:assert/strict";
import type { DagGroupNode, DagView } from "../../model/dag/view.ts";
import { runDagView } from "../../model/dag/run.ts";
import { findTasks } from "../../model/dag/task.ts";
import { criticalPath } from "../../model/dag/critical_path.ts";
import { openCatalog } from "../../live/runs/open_catalog.ts";
import { eventually } from "../support/eventually.ts";
import { large, LARGE_RUN } from "../support/fixtures.ts";
import { startViewer } from "../support/server.ts";

Deno.test({
  name: "the DAG's questions are answered, and those about what is not there are refused",
  sanitizeOps: false,
  sanitizeResources: false,
  async fn(t) {
    const database = await large();
    const catalog = await openCatalog([database.path]);
    const { run } = (await catalog.run(LARGE_RUN))!;
    const view = runDagView(run, "states");
    const groups = view.nodes as DagGroupNode[];
    const [largest] = groups.toSorted((a, b) => b.count - a.count);
    const viewer = await startViewer([database.path]);
    const ask = (name: string, query: Record<string, string | number>) =>
      fetch(`${viewer.url}api/dag/${name}?${new URLSearchParams({
        run: LARGE_RUN,
        ...Object.fromEntries(Object.entries(query).map(([key, value]) => [key, `${value}`])),
      })}`);
    const json = async (name: string, query: Record<string, string | number>) => {
      const response = await ask(name, query);
      assert.deepStrictEqual(response.status, 200, name);
      return await response.json();
    };
    try {
      // The run is read in the background: until then answers are about less of it.
      const read = async () => {
        for (const state of view.states) {
          const { matches } = await json("find", { q: state });
          if (matches !== findTasks(run, state).matches) return false;
        }
        return true;
      };
      await eventually(read, "the run is not read");

      await t.step("cells", async () => {
        for (const { id, count, states } of groups) {
          const response = await ask("cells", { group: id, by: "states" });
          assert.deepStrictEqual(response.headers.get("content-type"), "application/octet-stream");
          assert.deepStrictEqual(Number(response.headers.get("x-version")) > 0, true);
          const bytes = new Uint8Array(await response.arrayBuffer());
          assert.deepStrictEqual(bytes.length, count);
          for (const [state, tasks] of states) {
            assert.deepStrictEqual(bytes.filter((byte) => byte === state).length, tasks);
          }
        }
        const packed = await fetch(
          `${viewer.url}api/dag/cells?run=${LARGE_RUN}&by=apps&group=${
            encodeURIComponent(largest.id)
          }`,
          { headers: { "accept-encoding": "gzip" } },
        );
        assert.deepStrictEqual((await packed.arrayBuffer()).byteLength, largest.count);
      });

      await t.step("task", async () => {
        const byPlace = await json("task", { group: largest.id, index: 7 });
        const byId = await json("task", { task: byPlace.taskId });
        assert.deepStrictEqual(byId, byPlace);
        assert.deepStrictEqual([byId.group, byId.index], [largest.id, 7]);
        assert.deepStrictEqual(byId.app, largest.label);
        for (const dep of byId.dependencies) {
          const other = await json("task", { task: dep.taskId });
          assert.deepStrictEqual([other.group, other.index], [dep.group, dep.index]);
          assert.ok(
            other.moreDependents > 0 ||
              other.dependents.some((user: { taskId: number }) => user.taskId === byId.taskId),
            "the other does not know of it",
          );
        }
      });

      await t.step("related", async () => {
        const { steps } = criticalPath(run);
        const { taskId } = steps[steps.length - 1];
        const { ancestors, descendants, groups: parts } = await json("related", { task: taskId });
        const sum = (key: "ancestors" | "descendants") =>
          Object.values(parts as Record<string, Record<typeof key, number>>)
            .reduce((total, part) => total + part[key], 0);
        assert.deepStrictEqual([sum("ancestors"), sum("descendants")], [ancestors, descendants]);
        assert.ok(ancestors >= steps.length - 1, `${ancestors} ancestors`);
      });

      await t.step("find", async () => {
        const { matches, first } = await json("find", { q: largest.label });
        assert.ok(matches >= largest.count, `${matches} found`);
        assert.deepStrictEqual(first.length, 50);
      });

      await t.step("critical", async () => {
        assert.deepStrictEqual(
          await json("critical", {}),
          JSON.parse(JSON.stringify(criticalPath(run))),
        );
      });

      await t.step("waiting", async () => {
        assert.deepStrictEqual(await json("waiting", { task: 9000 }), { unfinished: [], more: 0 });
      });

      await t.step("open", async () => {
        const inside = await json("open", { group: largest.id }) as DagView & { outer: unknown[] };
        assert.deepStrictEqual(inside.tasks, largest.count);
        assert.deepStrictEqual(inside.dependencies, largest.inner);
        assert.ok(inside.nodes.length > 1, "nothing inside");
        assert.ok(inside.outer.length > 0, "no edges to the outside");
        const [part] = inside.nodes;
        const cells = await ask("cells", { group: part.id, by: "apps" });
        assert.deepStrictEqual(
          (await cells.arrayBuffer()).byteLength,
          part.kind === "group" ? part.count : 1,
        );
      });

      await t.step("places in opened groups", async () => {
        const inside = await json("open", { group: largest.id }) as DagView;
        const parts = new Set(inside.nodes.map(({ id }) => id));
        const { group, index, taskId } = await json("task", {
          group: largest.id,
          index: 7,
          opened: largest.id,
        });
        assert.ok(parts.has(group), `${group} is no part of ${largest.id}`);
        assert.deepStrictEqual((await json("task", { group, index })).taskId, taskId);
        const related = await json("related", { task: taskId, opened: largest.id });
        assert.deepStrictEqual(largest.id in related.groups, false);
        assert.ok(Object.keys(related.groups).some((id) => !parts.has(id)), "nothing outside");
        const found = await json("find", { q: largest.label, opened: largest.id });
        const path = await json("critical", { opened: largest.id });
        for (const { taskId, group, index } of [...found.first, ...path.steps]) {
          assert.ok(group !== largest.id, "a place in a group that is open");
          assert.deepStrictEqual((await json("task", { group, index })).taskId, taskId);
        }
        assert.ok(found.first.some((place: { group: string }) => parts.has(place.group)), "none");
      });

      await t.step("what is not there", async () => {
        const wrong: [string, Record<string, string | number>][] = [
          ["cells", { group: "nothing@0", by: "states" }],
          ["cells", {}],
          ["task", { task: 999_999 }],
          ["task", { task: "x" }],
          ["task", {}],
          ["task", { group: largest.id, index: largest.count }],
          ["task", { group: largest.id, index: "0.5" }],
          ["task", { group: largest.id, index: -1 }],
          ["related", { task: 999_999 }],
          ["waiting", {}],
          ["open", { group: "t1" }],
          ["critical", { run: "none" }],
          ["find", { run: "none", q: "a" }],
        ];
        for (const [name, query] of wrong) {
          const response = await ask(name, query);
          assert.deepStrictEqual(response.status, 404, `${name} ${JSON.stringify(query)}`);
          assert.ok((await response.text()).length > 10, "it does not say why");
        }
      });
    } finally {
      catalog.close();
      await viewer.stop();
      await database.remove();
    }
  },
});
