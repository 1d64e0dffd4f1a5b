import { createHash } from "node:crypto";
import { renderToString } from "preact-render-to-string";
import { bytes, count, duration, naiveTime } from "../../looks/format.ts";
import { statusText } from "../../components/run_header.tsx";
import { RunStatus, Table } from "../../components/ui.tsx";
import { runName } from "../../model/figures/run_name.ts";
import type { CatalogEntry } from "../../live/runs/catalog.ts";
import type { ReportOptions } from "../../state.ts";
import { themed } from "../../export/theme.ts";
import { standing } from "./descriptions.ts";

/** A report that lies beside the index. */
export interface Indexed {
  entry: CatalogEntry;
  /** The name of its file. */
  file: string;
  /** In bytes. */
  size: number;
}

/**
 * The page that lists the reports of a folder: no script, nothing that is loaded.
 *
 * @param styles the style sheet of the pages
 */
export function indexPage(
  reports: readonly Indexed[],
  styles: string,
  { title = "Workflows", theme = "auto" }: ReportOptions,
): string {
  const css = themed(styles, theme);
  const hash = createHash("sha256").update(css).digest("base64");
  const policy = `default-src 'none'; style-src 'sha256-${hash}'; img-src data:`;
  const html = renderToString(
    <html lang="en" data-theme={theme === "auto" ? undefined : theme}>
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content={policy} />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content={theme === "auto" ? "light dark" : theme} />
        <title>{`${title} · Parsloscope`}</title>
        <style dangerouslySetInnerHTML={{ __html: css }} />
      </head>
      <body>
        <header class="top">
          <span class="brand">Parsloscope</span>
        </header>
        <main id="main">
          <div class="page-head">
            <h1>{title}</h1>
          </div>
          <Table
            label="Reports"
            columns={[
              { key: "name", label: "Workflow" },
              { key: "status", label: "Status" },
              { key: "run", label: "Run" },
              { key: "began", label: "Started" },
              { key: "duration", label: "Runtime", numeric: true },
              { key: "completed", label: "Completed", numeric: true },
              { key: "failed", label: "Failed", numeric: true },
              { key: "size", label: "Report", numeric: true },
            ]}
            rows={reports.map(line)}
          />
        </main>
      </body>
    </html>,
  );
  return `<!DOCTYPE html>\n${html}\n`;
}

function line({ entry, file, size }: Indexed) {
  const { runId, name, began, tasksCompleted, tasksFailed } = entry.workflow;
  const { status, newest } = standing(entry);
  return [
    <a href={`./${encodeURIComponent(file)}`}>{runName({ name, runId })}</a>,
    <RunStatus status={status} text={statusText(status, null)} />,
    <code title={runId}>{runId.slice(0, 8)}</code>,
    naiveTime(began),
    duration(began === null || newest < began ? null : newest - began),
    count(tasksCompleted),
    count(tasksFailed),
    bytes(size),
  ];
}
