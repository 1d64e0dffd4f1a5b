import { createDefine } from "fresh";
import type { ReportAbout } from "./components/report_note.tsx";
import type { Exporter } from "./export/exporter.ts";
import type { HubView } from "./model/hub/accounts.ts";
import type { Catalog } from "./live/runs/catalog.ts";

/** What every request carries: the databases that the dashboard shows, and its hub. */
export interface State {
  /** Empty or not there where a hub alone is served: `/hub` and `/metrics` do without. */
  catalog: Catalog;
  /** Null in a dashboard without a hub. */
  hub: HubView | null;
  /** What the report is that the pages are in; not there in a dashboard. */
  report?: ReportAbout;
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
