// Memory of 0 bytes is what is recorded of a process that has gone: no measurement.

import { deepStrictEqual, equal } from "node:assert/strict";
import { appFigures, peakMemory, usageHistograms } from "../../model/figures/figures.ts";
import { Run } from "../../model/run/run.ts";
import { taskLine } from "../../model/tasks/table.ts";
import { taskView } from "../../model/views/task.ts";
import { rows, sample, status, T0, taskRow, tryRow, workflowRow } from "./synthetic.ts";

const TEXT = {
  ...{ hashsum: null, inputs: null, outputs: null, stdin: null, stdout: null, stderr: null },
};

Deno.test("memory: a task with samples of 0 bytes alone has no memory figure", () => {
  const run = new Run(workflowRow());
  const resources = [sample(0, 2, 1, 0), sample(0, 4, 3, 0)];
  run.fold(
    rows({
      tasks: [taskRow(0)],
      tries: [tryRow(0)],
      statuses: [status(0, "failed", 9)],
      resources,
    }),
  );
  equal(peakMemory(run), null);
  equal(appFigures(run)[0].peakMemory, null);
  equal(taskLine(run, 0).memory.value, null);
  equal(usageHistograms(run).meanMemory.count, 0);
  equal(usageHistograms(run).peakMemory.count, 0);
  equal(usageHistograms(run).cpu.count, 1, "CPU time was measured");
});

Deno.test("memory: 0 bytes between measurements pull no mean down, nor a chart", () => {
  const run = new Run(workflowRow());
  const resources = [sample(0, 2, 1, 300), sample(0, 4, 2, 0), sample(0, 6, 3, 500)]
    .map((row) => ({ ...row, virtual: row.resident === 0 ? 0 : 900 }));
  run.fold(rows({ tasks: [taskRow(0)], tries: [tryRow(0)], resources }));
  equal(peakMemory(run), 500);
  deepStrictEqual(usageHistograms(run).meanMemory.bins.find(({ count }) => count > 0)?.x0, 400);
  const { samples } = taskView(run, T0, 0, { text: TEXT, tries: [], statuses: [], resources })!;
  deepStrictEqual(samples.tries[0].memory, [300, null, 500]);
  deepStrictEqual(samples.tries[0].cpu, [1, 2, 3]);
});
