/** The summary page. */
import { APP_COLUMNS } from "../figures/app_columns.ts";
import {
  type AppFigures,
  appFigures,
  type FailureGroup,
  failureGroups,
  peakMemory,
} from "../figures/figures.ts";
import { type Remark, remarksOf } from "../figures/remarks.ts";
import { appSeries, busyNow, type Series, stateSeries } from "../figures/series.ts";
import { orderedBy } from "../table/column.ts";
import type { Order } from "../table/order.ts";
import type { Run } from "../run/run.ts";
import { type RunHead, runHead } from "./head.ts";

/** The summary page. */
export interface SummaryView {
  head: RunHead;
  /** What to know about the data behind all pages' figures. */
  remarks: Remark[];
  apps: AppFigures[];
  appOrder: Order;
  /** All of them; the texts of those after the first 50 are shortened. */
  failures: FailureGroup[];
  stateSeries: Series;
  appSeries: Series;
  busyNow: number;
  peakMemory: number | null;
}

/** The apps as they come unless told otherwise: the one with most tasks first. */
export const APP_ORDER: Order = { sort: "tasks", descending: true };

/** The summary of a run. */
export function summaryView(run: Run, now: number, appOrder = APP_ORDER): SummaryView {
  return {
    head: runHead(run, now),
    remarks: remarksOf(run),
    apps: orderedBy(APP_COLUMNS, appFigures(run), appOrder),
    appOrder,
    failures: failureGroups(run).map((group, i) => i < WHOLE ? group : briefly(group)),
    stateSeries: stateSeries(run),
    appSeries: appSeries(run),
    busyNow: busyNow(run),
    peakMemory: peakMemory(run),
  };
}

/** So many groups of failures come with their texts as long as they are kept. */
const WHOLE = 50;
/** The most of the text of another. */
const BRIEF = 300;

function briefly(group: FailureGroup): FailureGroup {
  const { example } = group;
  return example.length <= BRIEF ? group : { ...group, example: `${example.slice(0, BRIEF)}…` };
}
