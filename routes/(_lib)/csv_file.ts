import { fileName } from "../../model/figures/report_name.ts";
import type { Run } from "../../model/run/run.ts";
import { attachment } from "./attachment.ts";

/** A CSV that a browser saves, named for its run and for what it holds. */
export function csvFile(
  run: Run,
  what: string,
  body: string | ReadableStream<Uint8Array>,
): Response {
  const name = fileName(run.workflow.name || "") || fileName(run.runId) || "run";
  return new Response(body, {
    headers: {
      "content-type": "text/csv; charset=utf-8",
      "content-disposition": attachment(`${name}-${what}.csv`),
    },
  });
}
