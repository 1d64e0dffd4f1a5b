// What the timeline's page asks the server, over the network.

import assert from "node:assert/strict";
import { laneBars, readBars } from "../../model/timeline/bars.ts";
import { lanesOf } from "../../model/timeline/lanes.ts";
import { runsOf } from "../model/synthetic.ts";
import { eventually } from "../support/eventually.ts";
import { climate, CLIMATE_RUN } from "../support/fixtures.ts";
import { startViewer } from "../support/server.ts";

Deno.test({
  name: "the timeline's questions are answered, and those about no part of it are refused",
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    const database = await climate();
    const run = (await runsOf(database.path)).find(({ runId }) => runId === CLIMATE_RUN)!;
    const lanes = await lanesOf(run, false);
    const viewer = await startViewer([database.path]);
    const ask = (name: string, query: Record<string, unknown>) => {
      const params = new URLSearchParams({ run: CLIMATE_RUN });
      for (const [key, value] of Object.entries(query)) params.set(key, String(value));
      return fetch(`${viewer.url}api/timeline/${name}?${params}`);
    };
    const found = async (name: string, query: Record<string, unknown>) => {
      const response = await ask(name, query);
      assert.deepStrictEqual(response.status, 200);
      return (await response.json()).found;
    };
    try {
      const window = { from: run.began, to: run.end, first: 0, lanes: 50, columns: 700 };
      const expected = readBars(laneBars(run, lanes, window));
      // The run is read in the background.
      await eventually(async () => {
        const response = await ask("bars", window);
        assert.deepStrictEqual(response.headers.get("content-type"), "application/octet-stream");
        const bars = readBars(new Uint8Array(await response.arrayBuffer()));
        return JSON.stringify(bars) === JSON.stringify(expected);
      }, "the bars are not those of the run");
      const attempt = lanes.tries[lanes.offsets[1]];
      const task = run.taskId.data[run.tryTask.data[attempt]];
      const began = run.tryRunning.data[attempt];
      const place = await found("task", { task });
      assert.deepStrictEqual(place.taskId, task);
      const told = await found("try", { lane: 1, from: began, to: began });
      assert.deepStrictEqual([told.taskId, told.began], [task, began]);
      assert.deepStrictEqual(await found("task", { task: 999_999 }), null);
      assert.deepStrictEqual(await found("task", { task: "x" }), null);
      assert.deepStrictEqual(await found("try", { lane: 99, from: run.began, to: run.end }), null);
      assert.deepStrictEqual(await found("try", {}), null);
      for (
        const news of [{ to: run.began }, { columns: 1e9 }, { lanes: -1 }, { from: "x" }, {
          run: "none",
        }]
      ) {
        const response = await ask("bars", { ...window, ...news });
        assert.deepStrictEqual(response.status, 404);
        assert.deepStrictEqual((await response.text()).trim().endsWith("."), true);
      }
    } finally {
      await viewer.stop();
      await database.remove();
    }
  },
});
