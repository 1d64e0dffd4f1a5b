// What the recordings are laid out of, so that it takes ELK no longer than a second: by what it has to
// lay out, not by a clock.

import { PATIENCE } from "../support/eventually.ts";
import assert from "node:assert/strict";
import { DagLayouts } from "../../picture/dag/layout/layouts.ts";
import { layoutCost, mannersFor } from "../../picture/dag/layout/elk_options.ts";
import { dagShape } from "../../picture/dag/layout/shape.ts";
import { readAsset } from "../../installation/files.ts";
import { startLayouts } from "../../export/paper/layouts.ts";
import type { DagView } from "../../model/dag/view.ts";
import { dagPageView } from "../../model/views/dag.ts";
import { runsOf } from "../model/synthetic.ts";
import { climate, type Fixture, large } from "../support/fixtures.ts";

const ROOMS = [{ width: 1216, height: 580 }, { width: 368, height: 560 }];

async function viewsOf(open: () => Promise<Fixture>): Promise<DagView[]> {
  const file = await open();
  try {
    return (await runsOf(file.path)).map((run) => dagPageView(run, run.end, "apps").dag);
  } finally {
    await file.remove();
  }
}

Deno.test("recordings: all layouts that are tried cost 1000 together at most", async () => {
  const views = [...await viewsOf(large), ...await viewsOf(climate)];
  assert.deepStrictEqual(views.length, 10);
  for (const view of views) {
    for (const room of ROOMS) {
      const shape = dagShape(view, new Map(), room);
      const cost = layoutCost(shape) * mannersFor(shape).length;
      assert.ok(cost <= 1000, `${view.tasks} tasks cost ${cost}`);
    }
  }
});

Deno.test("recordings: runs of one program that goes round look alike, whatever their size", async () => {
  const views = await viewsOf(large);
  assert.deepStrictEqual(views.map(({ tasks }) => tasks).sort((a, b) => a - b), [
    3000,
    5000,
    10000,
  ]);
  for (const { nodes, apps } of views) {
    const names = nodes.map((node) => apps[node.app]).sort();
    assert.deepStrictEqual(names, ["analyze", "merge", "plot", "preprocess", "simulate"]);
  }
});

Deno.test("recordings: a view is laid out the same each time", async () => {
  const [view] = await viewsOf(climate);
  const once = async () => {
    const layouts: DagLayouts = startLayouts(await readAsset("elk-worker.js"), PATIENCE);
    try {
      const { signal } = new AbortController();
      const { layout, plain } = await layouts.lay({ view, opened: new Map() }, signal, ROOMS[1]);
      assert.ok(!plain, "it is the plain one");
      return layout;
    } finally {
      layouts.end();
    }
  };
  assert.deepStrictEqual(await once(), await once());
});
