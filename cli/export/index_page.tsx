import { createHash } from "node:crypto";
import { renderToString } from "preact-render-to-string";
import { Table } from "../../components/table/table.tsx";
import type { TableColumn } from "../../model/table/column.ts";
import { runName } from "../../model/figures/run_name.ts";
import type { CatalogEntry } from "../../live/runs/catalog.ts";
import type { ReportOptions } from "../../state.ts";
import { themed } from "../../export/theme.ts";
import { standingText } from "./descriptions.ts";

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
          <Table label="Reports" columns={COLUMNS} lines={reports} />
        </main>
      </body>
    </html>,
  );
  return `<!DOCTYPE html>\n${html}\n`;
}

const COLUMNS: readonly TableColumn<Indexed>[] = [
  {
    key: "name",
    label: "Workflow",
    kind: "link",
    value: ({ entry, file }) => ({
      href: `./${encodeURIComponent(file)}`,
      text: runName(entry.workflow),
    }),
  },
  {
    key: "status",
    label: "Status",
    kind: "runStatus",
    value: ({ entry }) => ({ status: standingText(entry).status, silence: null }),
  },
  { key: "run", label: "Run", kind: "runId", value: ({ entry }) => entry.workflow.runId },
  { key: "began", label: "Started", kind: "time", value: ({ entry }) => entry.workflow.began },
  { key: "duration", label: "Runtime", kind: "duration", value: durationOf },
  {
    key: "completed",
    label: "Completed",
    kind: "count",
    value: ({ entry }) => entry.workflow.tasksCompleted,
  },
  {
    key: "failed",
    label: "Failed",
    kind: "count",
    value: ({ entry }) => entry.workflow.tasksFailed,
  },
  { key: "size", label: "Report", kind: "bytes", value: ({ size }) => size },
];

function durationOf({ entry }: Indexed): number | null {
  const { began } = entry.workflow;
  const { newest } = standingText(entry);
  return began === null || newest < began ? null : newest - began;
}
