import { createDefine } from "fresh";
import type { ReportFacts } from "./components/report_note.tsx";
import type { ReportTheme } from "./looks/report_theme.ts";
import type { HubView } from "./model/hub/accounts.ts";
import type { Catalog } from "./live/runs/catalog.ts";
import type { MonitoringDatabase } from "./store/database.ts";

/** How a report is to be. */
export interface ReportOptions {
  /** The workflow's name unless given. */
  title?: string;
  theme?: ReportTheme;
  /** Without host names, users, paths and arguments. */
  redact?: boolean;
  /** With what is left out for size otherwise. */
  full?: boolean;
}

/** What goes on around the making of a report. */
export interface Making {
  /** Ends the work. */
  signal: AbortSignal;
  /** Called with how much has been done, from 0 to 1. */
  progress?(share: number): void;
}

/** Makes the report of a run, as pieces of one HTML file. */
export type Exporter = (
  database: MonitoringDatabase,
  runId: string,
  options: ReportOptions,
  making: Making,
) => Promise<AsyncIterable<Uint8Array>>;

/** What every request carries: the databases that the dashboard shows, and its hub. */
export interface State {
  /** Empty or not there where a hub alone is served: `/hub` and `/metrics` do without. */
  catalog: Catalog;
  /** Null in a dashboard without a hub. */
  hub: HubView | null;
  /** What the report is that the pages are in; not there in a dashboard. */
  report?: ReportFacts;
  /** Makes reports; not there where none can be made, as in a report. */
  exporter?: Exporter;
  /** Title of the page, set by its handler. */
  title?: string;
  /** Seconds after which a browser without scripts asks for the page again. */
  refresh?: number;
  /** Seconds after which any browser asks for the page again. */
  reload?: number;
}

/** Typed helpers for routes. */
export const define = createDefine<State>();
