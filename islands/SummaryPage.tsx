import { FailureList } from "../components/failures/list.tsx";
import { bytes, naiveTime } from "../looks/format.ts";
import { RunFigures, runPath } from "../components/run_header.tsx";
import { Remarks } from "../components/remarks.tsx";
import { RunPage } from "../components/run_page.tsx";
import { summaryCharts } from "../picture/chart/run_charts.ts";
import { orderParams, Table } from "../components/table/table.tsx";
import { Empty, KeyValue, Section } from "../components/ui.tsx";
import { APP_COLUMNS } from "../model/figures/app_columns.ts";
import type { SummaryView } from "../model/views/summary.ts";
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
          columns={APP_COLUMNS}
          lines={v.apps}
          runId={head.runId}
          sorting={{
            order: v.appOrder,
            href: (order) =>
              `${runPath(head.runId)}/?${new URLSearchParams(orderParams(order))}#apps`,
          }}
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
