import { reportName } from "../../../model/figures/report_name.ts";
import type { WorkflowRow } from "../../../model/run/rows.ts";
import { define, type State } from "../../../state.ts";
import { REPORT_THEMES } from "../../../looks/report_theme.ts";
import { addressOf, type RunAddress } from "../../../live/views/address.ts";
import { noSuchRun, PageError, runLeads } from "../../../live/views/page_error.ts";
import { attachment } from "../../(_lib)/attachment.ts";
import { pieces } from "../../(_lib)/pieces.ts";

/** A report that has not been made after this many ms is announced and sent when it has been. */
const PATIENCE_MS = 1000;
const NO = new Set(["0", "false", "no"]);

/** The run as one HTML file to keep: what `parsloscope export` writes. */
export const handler = define.handlers({
  async GET(ctx) {
    const { followed, exporter } = await found(ctx.state, addressOf(ctx.url).run);
    const options = optionsOf(addressOf(ctx.url));
    const { database, run } = followed;
    const leaving = new AbortController();
    const report = exporter(database, run.runId, options, { signal: leaving.signal });
    // What goes wrong at once is told on a page. Who goes away is noticed only by what is sent.
    await Promise.race([report, pause(PATIENCE_MS)]);
    return new Response(pieces(report, () => leaving.abort()), {
      headers: headersOf(run.workflow),
    });
  },
  async HEAD(ctx) {
    const { followed } = await found(ctx.state, addressOf(ctx.url).run);
    optionsOf(addressOf(ctx.url));
    return new Response(null, { headers: headersOf(followed.run.workflow) });
  },
});

async function found({ catalog, exporter }: State, runId: string) {
  if (!exporter) throw new PageError(404, "No report can be made here.");
  const followed = await catalog.find(runId);
  if (!followed) throw noSuchRun(runId, { catalog });
  return { followed, exporter };
}

function optionsOf({ run, params }: RunAddress) {
  const wanted = params.get("theme") ?? "auto";
  const theme = REPORT_THEMES.find((name) => name === wanted);
  if (!theme) {
    throw new PageError(
      400,
      `A report's theme is ${REPORT_THEMES.join(", ")}, not ${wanted}. Ask for one of these.`,
      runLeads(run),
    );
  }
  const flag = (name: string) => params.has(name) && !NO.has(params.get(name)!.toLowerCase());
  return { theme, redact: flag("redact"), full: flag("full") };
}

function headersOf(workflow: WorkflowRow): HeadersInit {
  return {
    "content-type": "text/html; charset=utf-8",
    "content-disposition": attachment(reportName(workflow)),
    "cache-control": "no-store",
  };
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
