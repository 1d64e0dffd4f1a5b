import { APP_COLUMNS, appRow } from "../components/app_table.tsx";
import { FailureList } from "../components/failures/list.tsx";
import { bytes, naiveTime, nameText } from "../looks/format.ts";
import { appPath, RunFigures, runPath } from "../components/run_header.tsx";
import { Remarks } from "../components/remarks.tsx";
import { RunPage } from "../components/run_page.tsx";
import { summaryCharts } from "../picture/chart/run_charts.ts";
import { Empty, KeyValue, Section, Table } from "../components/ui.tsx";
import { APP_KEYS, type SummaryView } from "../model/views/summary.ts";
import { orderParams, sortable } from "../components/sorting.ts";
import Chart from "./Chart.tsx";
import { type LiveProps, useLive } from "../live/use_live.ts";

/** One run: how far it is, what failed and why, its apps, and its tasks over time. */
export default function SummaryPage({ view, live, loading }: LiveProps<SummaryView>) {
  const now = useLive(view, live, loading).value;
  const v = now.view;
  const { head } = v;
  return (
    <RunPage head={head} tab="summary" loading={now.loading}>
      {head.tasks === 0
        ? (
          <Empty
            why="No task of this workflow has been recorded yet."
            what="Tasks appear here as soon as the program calls its first app."
          />
        )
        : <RunFigures head={head} />}
      {v.failures.length > 0 && (
        <Section id="failures" title="Failures">
          <FailureList head={head} groups={v.failures} />
        </Section>
      )}
      <div class="grid">
        {summaryCharts(v).map(({ id, title, spec, why }) => (
          <div id={id} key={id}>
            {spec && <Chart title={title} spec={spec} />}
            {!spec && why && <Empty why={why} />}
          </div>
        ))}
      </div>
      <Section id="apps" title="Apps">
        <Table
          label="Apps"
          columns={sortable(
            APP_COLUMNS,
            APP_KEYS,
            v.appOrder,
            (order) => `${runPath(head.runId)}/?${new URLSearchParams(orderParams(order))}#apps`,
          )}
          rows={v.apps.map((a) =>
            appRow(a, <a href={appPath(head.runId, a.app)}>{nameText(a.app)}</a>)
          )}
        />
      </Section>
      <Remarks remarks={v.remarks} />
      <Section id="about" title="About this run">
        <KeyValue
          items={[
            { key: "Owner", value: head.user },
            { key: "Host", value: head.host },
            { key: "Run directory", value: head.rundir },
            { key: "Version", value: head.version },
            { key: "Run id", value: head.recordedId ?? head.runId },
            { key: "Started", value: naiveTime(head.began) },
            { key: "Completed", value: naiveTime(head.completed) },
            { key: "Peak memory of a task", value: bytes(v.peakMemory) },
          ]}
        />
      </Section>
    </RunPage>
  );
}
