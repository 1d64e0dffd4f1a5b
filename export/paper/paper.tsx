import { renderToString } from "preact-render-to-string";
import type { KeptLayout } from "../../host/kept_layout.ts";
import type { DagLayouts } from "../../picture/dag/layout/layouts.ts";
import { BlocksTable, ManagersTable } from "../../components/fleet_tables.tsx";
import { bytes, count } from "../../looks/format.ts";
import { resourceCharts, type RunChart, summaryCharts } from "../../picture/chart/run_charts.ts";
import { Table } from "../../components/table/table.tsx";
import { Section } from "../../components/ui.tsx";
import { APP_COLUMNS } from "../../model/figures/app_columns.ts";
import type { Run } from "../../model/run/run.ts";
import { parseTaskQuery } from "../../model/tasks/table.ts";
import {
  appSeries,
  binsOf,
  cpuSeries,
  levelSeries,
  stateSeries,
  workerSeries,
} from "../../model/figures/series.ts";
import { dagPageView } from "../../model/views/dag.ts";
import { byLevel } from "../../model/run/levels.ts";
import { type ResourcesView, resourcesView } from "../../model/views/resources.ts";
import { type SummaryView, summaryView } from "../../model/views/summary.ts";
import { tasksView } from "../../model/views/tasks.ts";
import { PAPER_CELLS } from "./cells.tsx";
import { PaperChart } from "./chart.tsx";
import { paperDag, PaperDagFigure } from "./dag.tsx";
import { PaperFailures } from "./failures.tsx";
import { Remarks } from "../../components/remarks.tsx";
import { short } from "./short.ts";
import { PaperTasks } from "./tasks.tsx";
import { textureDefinitions } from "./textures.ts";
import { PaperFigures, PaperTitle } from "./title.tsx";

/** The most rows of a printed table. */
const MOST_TASKS = 200;
const MOST_APPS = 100;
const MOST_MANAGERS = 50;
const MOST_BLOCKS = 50;
/** The most bins of a chart: two corners each. */
const MOST_BINS = 150;

/** For browsers that do not tell style sheets whether there are scripts. */
const ALONE = "[data-report]>.paper{display:block}[data-report]>:not(.paper){display:none}";

/** What a printed report cannot know from its run. */
export interface PaperOptions {
  /** The submit host's naive clock, ms. */
  now: number;
  /** The workflow's name unless told. */
  title?: string;
  /** By what and when the report was made, as people read it. */
  made: string;
  /** The app's style sheets, for their colours. */
  css: string;
  /** Who lays out the DAG. */
  layouts: DagLayouts;
}

/** What readers without scripts and printers see. */
export interface Paper {
  /** `<section class="paper">…`, to stand in a body with `data-report`. */
  html: string;
  /** The DAG as laid out for a screen: what `place.layout` of the report gives by its key. */
  layout: KeptLayout | null;
}

/** The sections of a run that are printed, and the layout of its DAG. */
export async function paper(run: Run, options: PaperOptions): Promise<Paper> {
  const { now, title, made } = options;
  const summary = summaryView(run, now);
  const { head, apps, failures, peakMemory } = summary;
  const resources = resourcesView(run, now);
  const { managers, blocks } = resources;
  const { dag } = dagPageView(run, now, "states");
  const drawn = dag.tasks > 0 ? await paperDag(run, dag, options) : null;
  const query = { ...parseTaskQuery(new URLSearchParams()), perPage: MOST_TASKS };
  const { lines } = tasksView(run, now, query, null)!;
  const charts = paperCharts(run, summary, resources);
  const html = renderToString(
    <section class="paper">
      <noscript>
        <style>{ALONE}</style>
      </noscript>
      <PaperTitle head={head} title={short(title ?? head.name, 200)} made={made} />
      <PaperFigures head={head} apps={apps.length} busiest={bytes(peakMemory)} />
      {drawn && (
        <Section id="paper-dag" title="Task graph">
          <PaperDagFigure view={dag} dag={drawn} />
        </Section>
      )}
      <Section id="paper-charts" title="Charts">
        <div class="paper-charts">
          {charts.map((chart) => <PaperChart key={chart.id} {...chart} />)}
        </div>
      </Section>
      {failures.length > 0 && (
        <Section id="paper-failures" title="Failures">
          <PaperFailures groups={failures} status={head.status} />
        </Section>
      )}
      <Remarks remarks={summary.remarks} />
      <Section id="paper-apps" title="Apps">
        <Table
          label="Apps"
          columns={APP_COLUMNS}
          lines={apps.slice(0, MOST_APPS)}
          cells={PAPER_CELLS}
        />
        <More left={apps.length - MOST_APPS} what="apps" />
      </Section>
      <Section id="paper-managers" title="Managers">
        <ManagersTable managers={managers.lines.slice(0, MOST_MANAGERS)} />
        <More left={managers.total - MOST_MANAGERS} what="managers" />
      </Section>
      <Section id="paper-blocks" title="Blocks">
        <BlocksTable blocks={blocks.lines.slice(0, MOST_BLOCKS)} />
        <More left={blocks.total - MOST_BLOCKS} what="blocks" />
      </Section>
      <Section id="paper-tasks" title="Tasks">
        <PaperTasks lines={lines} began={head.began} />
        <More left={head.tasks - lines.length} what="tasks" />
      </Section>
    </section>,
  );
  return {
    html: withoutOptionalTags(html).replace(/<\/section>$/, `${textureDefinitions()}$&`),
    layout: drawn?.screen ?? null,
  };
}

/** The charts of the summary and the resource page, with half as many bins. */
function paperCharts(run: Run, summary: SummaryView, resources: ResourcesView): RunChart[] {
  const edges = binsOf(run, MOST_BINS);
  const apps = appSeries(run, edges);
  return [
    ...summaryCharts({
      ...summary,
      stateSeries: stateSeries(run, edges),
      appSeries: {
        ...apps,
        series: apps.series.map((s) => ({ ...s, name: short(s.name) })),
      },
    }),
    ...resourceCharts({
      ...resources,
      workers: workerSeries(run, edges),
      cpu: cpuSeries(run, edges),
      ...byLevel((level) => levelSeries(run, level, edges)),
    }),
  ];
}

/** HTML without the tags of tables that a reader of HTML knows to be there. */
function withoutOptionalTags(html: string): string {
  return html.replace(/<\/(?:td|th|tr|thead|tbody)>/g, "");
}

function More({ left, what }: { left: number; what: string }) {
  if (left <= 0) return null;
  return (
    <p class="paper-note">{count(left)} more {what} are in the interactive part of this file.</p>
  );
}
