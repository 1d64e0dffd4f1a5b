// Live connections to the real server, over the network.

import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { type Patch, patch } from "../../live/broadcast/patch.ts";
import type { SummaryView } from "../../model/views/summary.ts";
import { eventually } from "../support/eventually.ts";
import { climate, CLIMATE_RUN } from "../support/fixtures.ts";
import { startViewer } from "../support/server.ts";

const CONNECTIONS = 50;

/** What one connection made of the events it got. */
interface Watcher {
  view: SummaryView | null;
  whole: number;
  patches: number;
}

async function watch(url: string, signal: AbortSignal): Promise<Watcher> {
  const watcher: Watcher = { view: null, whole: 0, patches: 0 };
  const response = await fetch(url, { signal });
  const text = response.body!.pipeThrough(new TextDecoderStream());
  (async () => {
    let rest = "";
    for await (const piece of text) {
      const events = (rest + piece).split("\n\n");
      rest = events.pop() ?? "";
      for (const event of events.filter((e) => e.startsWith("data: "))) {
        const message = JSON.parse(event.slice(6)) as { view?: SummaryView; patch?: Patch };
        if (message.view) {
          watcher.whole++;
          watcher.view = message.view;
        } else if (message.patch) {
          watcher.patches++;
          watcher.view = patch(watcher.view, message.patch) as SummaryView;
        }
      }
    }
  })().catch(() => {
    // The test ended the connection.
  });
  return watcher;
}

Deno.test({
  name: "live: fifty connections see a row soon after it was written, as a patch",
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    const database = await climate();
    const writer = new DatabaseSync(database.path);
    writer.prepare("UPDATE workflow SET time_completed = NULL WHERE run_id = ?").run(CLIMATE_RUN);
    const viewer = await startViewer([database.path], { args: ["--memory", "64"] });
    const ending = new AbortController();
    try {
      const url = `${viewer.url}api/live?view=summary&run=${CLIMATE_RUN}`;
      const watchers = await Promise.all(
        Array.from({ length: CONNECTIONS }, () => watch(url, ending.signal)),
      );
      const all = (test: (watcher: Watcher) => boolean) => () =>
        Promise.resolve(watchers.every(test));
      await eventually(all((w) => w.view !== null), "the view does not come");
      const tasks = watchers[0].view!.head.tasks;
      writer.prepare(
        `INSERT INTO task (task_id, run_id, task_func_name, task_memoize, task_fail_count,
           task_fail_cost) VALUES (9000, ?, 'late', '0', 0, 0)`,
      ).run(CLIMATE_RUN);
      await eventually(all((w) => w.view!.head.tasks === tasks + 1), "the row does not come");
      for (const watcher of watchers) {
        assert.deepStrictEqual(watcher.whole, 1);
        assert.ok(watcher.patches >= 1, "no patch came");
        assert.deepStrictEqual(watcher.view, watchers[0].view);
      }
    } finally {
      ending.abort();
      await viewer.stop();
      writer.close();
      await database.remove();
    }
  },
});
