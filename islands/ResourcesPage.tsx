import { bytes, count, naiveTime } from "../components/format.ts";
import { RunHeader } from "../components/run_header.tsx";
import { usageSpec } from "../components/series_spec.ts";
import { Empty, Section, Table } from "../components/ui.tsx";
import type { Histogram } from "../model/figures.ts";
import type { ResourcesView } from "../model/views.ts";
import Chart from "./Chart.tsx";
import { type LiveProps, useLive } from "./use_live.ts";

function slug(title: string): string {
  return title.toLowerCase().replaceAll(/\W+/g, "-");
}

function Distribution(
  { title, data, label, format }: {
    title: string;
    data: Histogram;
    label: string;
    format: "bytes" | "seconds";
  },
) {
  if (data.count === 0) {
    return (
      <Section id={slug(title)} title={title}>
        <Empty why="No task has enough resource samples for this figure." />
      </Section>
    );
  }
  return (
    <div id={slug(title)}>
      <Chart
        title={title}
        spec={{
          kind: "histogram",
          bins: data.bins,
          x: { label: `${label}, ${count(data.count)} tasks`, format },
          color: "var(--accent)",
        }}
      />
    </div>
  );
}

/** What a run used, over time and per task, against what there was at that time. */
export default function ResourcesPage({ view, live, loading }: LiveProps<ResourcesView>) {
  const now = useLive(view, live, loading).value;
  const v = now.view;
  const sampled = v.samples > 0;
  return (
    <>
      <RunHeader head={v.head} loading={now.loading} tab="resources" title="Resource use" />
      <main id="main">
        <div class="grid">
          <div id="workers">
            <Chart
              title="Busy workers"
              spec={usageSpec(v.workers, "workers", "count", "workers there were")}
            />
          </div>
          {sampled
            ? (
              <>
                <div id="cpu">
                  <Chart
                    title="CPU cores"
                    spec={usageSpec(v.cpu, "cores", "cores", "cores there were")}
                  />
                </div>
                <div id="memory">
                  <Chart
                    title="Memory"
                    spec={usageSpec(v.memory, "resident memory", "bytes", "memory there was")}
                  />
                </div>
              </>
            )
            : (
              <Section id="samples" title="CPU and memory">
                <Empty
                  why="No resource samples were recorded for this run."
                  what="Set resource_monitoring_enabled=True in Parsl's MonitoringHub to record them."
                />
              </Section>
            )}
          {sampled && (
            <>
              <Distribution
                title="CPU time per task"
                label="CPU time"
                format="seconds"
                data={v.cpuPerTask}
              />
              <Distribution
                title="Mean memory per task"
                label="mean resident memory"
                format="bytes"
                data={v.meanMemoryPerTask}
              />
              <Distribution
                title="Peak memory per task"
                label="peak resident memory"
                format="bytes"
                data={v.peakMemoryPerTask}
              />
            </>
          )}
        </div>
        <Section id="managers" title="Managers">
          {v.managers.length === 0
            ? (
              <Empty
                why="No manager reported to this run."
                what="Only HighThroughputExecutor has managers; threads run inside the submit process."
              />
            )
            : (
              <Table
                label="Managers"
                columns={[
                  { key: "host", label: "Host" },
                  { key: "uid", label: "Manager" },
                  { key: "block", label: "Block" },
                  { key: "workers", label: "Workers", numeric: true },
                  { key: "cores", label: "Cores of host", numeric: true },
                  { key: "memory", label: "Memory of host", numeric: true },
                  { key: "python", label: "Python" },
                  { key: "from", label: "Joined" },
                  { key: "until", label: "Left" },
                ]}
                rows={v.managers.map((m) => [
                  m.hostname,
                  m.uid,
                  m.blockId ?? "–",
                  count(m.workers),
                  count(m.cores),
                  bytes(m.memory),
                  m.pythonVersion ?? "–",
                  naiveTime(m.from),
                  m.until === null ? "–" : naiveTime(m.until),
                ])}
              />
            )}
        </Section>
        <Section id="blocks" title="Blocks">
          {v.blocks.length === 0 ? <Empty why="No block was reported for this run." /> : (
            <Table
              label="Blocks"
              columns={[
                { key: "executor", label: "Executor" },
                { key: "block", label: "Block" },
                { key: "job", label: "Job" },
                { key: "status", label: "Status" },
                { key: "time", label: "Time" },
              ]}
              rows={v.blocks.map((b) => [
                b.executor ?? "–",
                b.blockId ?? "–",
                b.jobId ?? "–",
                b.status ?? "–",
                naiveTime(b.time),
              ])}
            />
          )}
        </Section>
      </main>
    </>
  );
}
