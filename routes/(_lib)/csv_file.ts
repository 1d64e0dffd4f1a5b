import type { Run } from "../../model/run/run.ts";

/** A CSV that a browser saves, named for its run and for what it holds. */
export function csvFile(
  run: Run,
  what: string,
  body: string | ReadableStream<Uint8Array>,
): Response {
  const name = (run.workflow.name || run.runId).replaceAll(/[^\w.-]+/g, "_");
  return new Response(body, {
    headers: {
      "content-type": "text/csv; charset=utf-8",
      "content-disposition": `attachment; filename="${name}-${what}.csv"`,
    },
  });
}
