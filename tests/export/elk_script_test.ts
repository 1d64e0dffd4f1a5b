// The layout worker of reports, which is shorter than elkjs has it.

import assert from "node:assert/strict";
import { DagLayouts } from "../../picture/dag/layout/layouts.ts";
import { readAsset } from "../../installation/files.ts";
import { elkScript, withoutDescriptions } from "../../export/make/elk_script.ts";
import { openWorker } from "../../export/paper/layouts.ts";
import { withEsbuild } from "../../fresh/esbuild_service.ts";
import { dagPageView } from "../../model/views/dag.ts";
import { runsOf } from "../model/synthetic.ts";
import { PATIENCE } from "../support/eventually.ts";
import { climate, large } from "../support/fixtures.ts";

Deno.test("descriptions are left out of ELK, and no other texts", () => {
  const made = withoutDescriptions([
    'a(b(c("Edge Spacing"),"The space \\"between\\" edges, in pixels."),10)',
    'a(b(c("Edge Spacing"),\'The "space" between edges, in pixels.\'),10)',
    'a(b(c("Edge Spacing"),`The "space" between edges, and nodes\'.`),10)',
    'a(b(c("x"),"elk.layered.spacing.edgeNodeBetweenLayers"))',
    'a("Not what was expected: ","something that is an error.")',
    'a(b("x"),"NONE")',
  ].join(";"));
  assert.equal(
    made,
    [
      ...Array.from({ length: 3 }, () => 'a(b(c("Edge Spacing"),""),10)'),
      'a(b(c("x"),"elk.layered.spacing.edgeNodeBetweenLayers"))',
      'a("Not what was expected: ","something that is an error.")',
      'a(b("x"),"NONE")',
    ].join(";"),
  );
});

Deno.test({
  name: "the shorter ELK lays out every recording as elkjs does",
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    const whole = new URL(import.meta.resolve("elkjs/lib/elk-worker.min.js"));
    const short = await withEsbuild(async (esbuild) =>
      elkScript(esbuild, await readAsset("elk-worker.js"))
    );
    assert.ok(short.length < (await Deno.stat(whole)).size * 0.96, `${short.length} characters`);
    const files = [await climate(), await large()];
    const urls = [await Deno.readTextFile(whole), short].map((text) =>
      URL.createObjectURL(new Blob([text], { type: "text/javascript" }))
    );
    const layouts = urls.map((url) =>
      new DagLayouts({ worker: () => openWorker(url), limit: PATIENCE })
    );
    const { signal } = new AbortController();
    try {
      for (const { path } of files) {
        for (const run of await runsOf(path)) {
          const { dag: view } = dagPageView(run, run.end, "apps");
          const tree = { view, opened: new Map() };
          const room = { width: 1280, height: 640 };
          const [a, b] = await Promise.all(layouts.map((each) => each.lay(tree, signal, room)));
          assert.equal(a.plain || b.plain, false, run.workflow.name ?? "");
          assert.deepEqual(b.layout, a.layout, run.workflow.name ?? "");
        }
      }
    } finally {
      for (const each of layouts) each.end();
      for (const url of urls) URL.revokeObjectURL(url);
      for (const file of files) await file.remove();
    }
  },
});
