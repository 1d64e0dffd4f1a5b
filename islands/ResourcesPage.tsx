import { BlocksTable, ManagersTable } from "../components/fleet_tables.tsx";
import { resourceCharts } from "../picture/chart/run_charts.ts";
import { nodeCharts } from "../picture/chart/node_charts.ts";
import { runPath } from "../components/run_header.tsx";
import { RunPage } from "../components/run_page.tsx";
import { Table } from "../components/table/table.tsx";
import { count } from "../looks/format.ts";
import { NODE_COLUMNS } from "../model/figures/node_columns.ts";
import { Empty, Pager, Section } from "../components/ui.tsx";
import type { ResourcesView } from "../model/views/resources.ts";
import Chart from "./Chart.tsx";
import { type LiveProps, useLive } from "../live/use_live.ts";

/** Hosts whose charts are in sight. */
const OPEN_NODES = 2;

/** What a run used, over time and per task, against what there was at that time. */
export default function ResourcesPage({ view, live, loading }: LiveProps<ResourcesView>) {
  const now = useLive(view, live, loading).value;
  const v = now.view;
  const { managers, blocks, nodes } = v;
  const path = runPath(v.head.runId);
  /** The address of other pages of the tables, at one of them. */
  const href = (table: "managers" | "blocks" | "nodes", page: number) => {
    const pages = {
      ...{ managers: managers.page, blocks: blocks.page, nodes: nodes.page },
      [table]: page,
    };
    const asked = Object.entries(pages).filter(([, page]) => page > 1)
      .map(([name, page]) => `${name}=${page}`);
    return `${path}/resource_usage${asked.length > 0 ? `?${asked.join("&")}` : ""}#${table}`;
  };
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
      {nodes.total > 0 && (
        <Section
          id="nodes"
          title="Hosts"
          actions={<a href={`${path}/nodes.csv`} download>CSV</a>}
        >
          <p class="soft">What all programs on a host used together, not only this run’s tasks.</p>
          <Table label="Hosts" columns={NODE_COLUMNS} lines={v.nodeFigures} />
          {v.moreNodes > 0 && <p class="soft">and {count(v.moreNodes)} more in the CSV</p>}
          {nodes.lines.map((node, at) => (
            <details
              class="node"
              key={node.host}
              open={at < OPEN_NODES}
            >
              <summary>{node.host}</summary>
              <div class="grid">
                {nodeCharts(node).map(({ title, spec }) => (
                  <Chart key={title} title={`${title}: ${node.host}`} spec={spec} />
                ))}
              </div>
            </details>
          ))}
          {nodes.pages > 1 && <Pager {...nodes} href={(page) => href("nodes", page)} />}
        </Section>
      )}
      <Section
        id="managers"
        title="Managers"
        actions={managers.total > 0 && <a href={`${path}/managers.csv`} download>CSV</a>}
      >
        <ManagersTable managers={managers.lines} />
        {managers.total > 0 && <Pager {...managers} href={(page) => href("managers", page)} />}
      </Section>
      <Section
        id="blocks"
        title="Blocks"
        actions={blocks.total > 0 && <a href={`${path}/blocks.csv`} download>CSV</a>}
      >
        <BlocksTable blocks={blocks.lines} />
        {blocks.total > 0 && <Pager {...blocks} href={(page) => href("blocks", page)} />}
      </Section>
    </RunPage>
  );
}
