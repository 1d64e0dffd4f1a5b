import { workflowsCsv } from "../model/views/workflow_columns.ts";
import { define } from "../state.ts";
import type { DatabaseProblem } from "../live/runs/catalog.ts";
import { loadWorkflowLines } from "../live/views/views.ts";

/** The list of workflows as CSV: all of them, the newest first. */
export const handler = define.handlers({
  async GET(ctx) {
    const lines = await loadWorkflowLines(ctx.state.catalog);
    return new Response(workflowsCsv(lines), {
      headers: {
        "content-type": "text/csv; charset=utf-8",
        "content-disposition": 'attachment; filename="workflows.csv"',
        ...missingHeader(ctx.state.catalog.problems),
      },
    });
  },
});

/** A header that says of which databases lines are missing, where any are. */
function missingHeader(problems: readonly DatabaseProblem[]): Record<string, string> {
  if (problems.length === 0) return {};
  const sentences = problems.map(({ why }) => why).join(" ");
  return { "x-missing": sentences.replaceAll(/[^\x20-\x7e]/g, "?") };
}
