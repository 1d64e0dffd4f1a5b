import { BlocksTable, ManagersTable } from "../components/fleet_tables.tsx";
import { resourceCharts } from "../components/run_charts.ts";
import { RunPage } from "../components/run_page.tsx";
import { Empty, Section } from "../components/ui.tsx";
import type { ResourcesView } from "../model/views.ts";
import Chart from "./Chart.tsx";
import { type LiveProps, useLive } from "./use_live.ts";

/** What a run used, over time and per task, against what there was at that time. */
export default function ResourcesPage({ view, live, loading }: LiveProps<ResourcesView>) {
  const now = useLive(view, live, loading).value;
  const v = now.view;
  return (
    <RunPage head={v.head} tab="resources" title="Resource use" loading={now.loading}>
      <div class="grid">
        {resourceCharts(v).map(({ id, title, spec, why }) =>
          spec
            ? (
              <div id={id} key={id}>
                <Chart title={title} spec={spec} />
              </div>
            )
            : (
              <Section id={id} key={id} title={title}>
                <Empty why={why} />
              </Section>
            )
        )}
        {v.samples === 0 && (
          <Section id="samples" title="CPU and memory">
            <Empty
              why="No resource samples were recorded for this run."
              what="Set resource_monitoring_enabled=True in Parsl's MonitoringHub to record them."
            />
          </Section>
        )}
      </div>
      <Section id="managers" title="Managers">
        <ManagersTable managers={v.managers} />
      </Section>
      <Section id="blocks" title="Blocks">
        <BlocksTable blocks={v.blocks} />
      </Section>
    </RunPage>
  );
}
