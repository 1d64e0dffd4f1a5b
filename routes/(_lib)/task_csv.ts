import type { Run } from "../../model/run.ts";
import { parseTaskQuery, selectTasks, tasksCsv } from "../../model/task_table.ts";

/** Lines that are made in one go. */
const LINES = 1000;

/**
 * The lines of the task table that URL parameters ask for, as CSV in pieces. The next piece is made
 * when the last one was taken, and others have their turn in between.
 */
export function taskCsvStream(run: Run, params: URLSearchParams): ReadableStream<Uint8Array> {
  const tasks = selectTasks(run, parseTaskQuery(params));
  const encoder = new TextEncoder();
  let at = 0;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      await new Promise((resolve) => setTimeout(resolve, 0));
      const piece = tasksCsv(run, tasks.slice(at, at + LINES));
      // Each piece comes with the header.
      controller.enqueue(encoder.encode(at === 0 ? piece : piece.slice(piece.indexOf("\n") + 1)));
      at += LINES;
      if (at >= tasks.length) controller.close();
    },
  }, { highWaterMark: 1 });
}
