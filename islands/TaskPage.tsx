import type { LinesSpec } from "../components/chart_spec.ts";
import { bytes, count, duration, naiveTime, nameText, seconds } from "../components/format.ts";
import { Links } from "../components/links.tsx";
import { appPath, runPath, taskPath } from "../components/run_header.tsx";
import { Remarks } from "../components/remarks.tsx";
import { RunPage } from "../components/run_page.tsx";
import {
  Code,
  Empty,
  Figure,
  Figures,
  KeyValue,
  Section,
  StateBadge,
  Table,
} from "../components/ui.tsx";
import type { TaskView } from "../model/views.ts";
import Chart from "./Chart.tsx";
import { type LiveProps, useLive } from "./use_live.ts";

function lines(
  x: number[],
  label: string,
  format: "bytes" | "seconds",
  series: [string, (number | null)[]][],
): LinesSpec {
  return {
    kind: "lines",
    x,
    step: false,
    points: true,
    y: { label, format },
    series: series.map(([name, values], i) => ({
      name,
      label: name,
      color: i === 0 ? "var(--accent)" : `var(--app-${i})`,
      values,
    })),
  };
}

interface TaskPageProps extends LiveProps<TaskView> {
  /** Said in place of the samples where they were left out. */
  left?: string;
}

/** One task: its tries, its states, what it waited for, why it failed, what it used. */
export default function TaskPage({ view, live, loading, left }: TaskPageProps) {
  const now = useLive(view, live, loading).value;
  const v = now.view;
  const { head, line, text, samples } = v;
  // A retry that fails alike says nothing new: one text for all its tries.
  const failures = new Map<string, number[]>();
  for (const t of v.tries) {
    if (t.failure) failures.set(t.failure, [...failures.get(t.failure) ?? [], t.tryId]);
  }
  const tasks = (list: TaskView["depends"]) => (
    <Links
      items={list.map((t) => ({
        href: taskPath(head.runId, t.taskId),
        label: t.taskId,
        title: `${t.app}: ${t.state}`,
      }))}
    />
  );
  return (
    <RunPage head={head} tab="tasks" title={`Task ${line.taskId}`} loading={now.loading}>
      <Figures>
        <Figure label="State" value={<StateBadge state={line.state} />} />
        <Figure label="App" value={nameText(line.app)} href={appPath(head.runId, line.app)} />
        <Figure label="Tries" value={count(line.tries)} />
        <Figure label="Run time" value={duration(line.ran)} hint="of the last try" />
        <Figure label="Peak memory" value={bytes(line.peakMemory)} />
        <Figure label="Invoked" value={naiveTime(line.invoked)} />
        <Figure label="Completed" value={naiveTime(line.returned)} />
      </Figures>
      {failures.size > 0 && (
        <Section id="failures" title="Why it failed">
          {[...failures].map(([text, tries]) => (
            <div key={text}>
              <h3>{tries.length > 1 ? "Tries" : "Try"} {tries.join(", ")}</h3>
              <Code text={text} />
            </div>
          ))}
        </Section>
      )}
      <Section
        id="tries"
        title="Tries"
        actions={line.ran !== null && (
          <a href={`${runPath(head.runId)}/timeline?task=${line.taskId}`}>Show in timeline</a>
        )}
      >
        <Table
          label="Tries"
          columns={[
            { key: "try", label: "Try", numeric: true },
            { key: "executor", label: "Executor" },
            { key: "host", label: "Host" },
            { key: "block", label: "Block" },
            { key: "launched", label: "Launched" },
            { key: "running", label: "Running" },
            { key: "ended", label: "Ended" },
            { key: "queued", label: "Wait", numeric: true },
            { key: "ran", label: "Run time", numeric: true },
            { key: "cpu", label: "CPU time", numeric: true },
            { key: "memory", label: "Peak memory", numeric: true },
          ]}
          rows={v.tries.map((t) => [
            count(t.tryId),
            t.executor ?? "–",
            t.host ?? "–",
            t.block ?? "–",
            naiveTime(t.launched),
            naiveTime(t.running),
            naiveTime(t.ended),
            duration(t.queued),
            duration(t.ran),
            seconds(t.cpuSeconds),
            bytes(t.peakMemory),
          ])}
        />
      </Section>
      <Section id="states" title="States">
        <Table
          label="States"
          columns={[
            { key: "try", label: "Try", numeric: true },
            { key: "state", label: "State" },
            { key: "time", label: "Time" },
            { key: "after", label: "After invocation", numeric: true },
          ]}
          rows={v.events.map((e) => [
            count(e.tryId),
            <StateBadge state={e.state} />,
            naiveTime(e.time),
            line.invoked === null ? "–" : duration(Math.max(0, e.time - line.invoked)),
          ])}
        />
      </Section>
      <Remarks remarks={v.remarks} />
      <Section id="links" title="Dependencies">
        <KeyValue
          items={[
            { key: "Depends on", value: tasks(v.depends) },
            {
              key: "Depended on by",
              value: (
                <>
                  {tasks(v.dependents)}
                  {v.moreDependents ? ` and ${count(v.moreDependents)} more` : ""}
                </>
              ),
            },
            ...v.tries.filter((t) => t.joins.length > 0).map((t) => ({
              key: `Joins (try ${t.tryId})`,
              value: (
                <Links
                  items={t.joins.map((id) => ({ href: taskPath(head.runId, id), label: id }))}
                />
              ),
            })),
          ]}
        />
      </Section>
      <Section id="io" title="Inputs and outputs">
        <KeyValue
          items={[
            { key: "Inputs", value: text.inputs },
            { key: "Outputs", value: text.outputs },
            { key: "stdin", value: text.stdin },
            { key: "stdout", value: text.stdout || null },
            { key: "stderr", value: text.stderr || null },
            { key: "Memoized", value: v.memoize ? "yes" : "no" },
            { key: "Hash", value: text.hashsum },
          ]}
        />
      </Section>
      <Section id="usage" title="Resource use">
        {samples.time.length === 0
          ? (
            <Empty
              why={left ?? "No resource samples were recorded for this task."}
              what={left
                ? undefined
                : "Tasks shorter than the interval may have none; set resource_monitoring_enabled and a short resource_monitoring_interval in MonitoringHub to record them."}
            />
          )
          : (
            <div class="grid">
              <Chart
                title="Memory"
                spec={lines(samples.time, "memory", "bytes", [["resident", samples.memory]])}
              />
              <Chart
                title="CPU time of the worker process"
                spec={lines(samples.time, "CPU time", "seconds", [[
                  "user + system",
                  samples.cpu,
                ]])}
              />
              <Chart
                title="I/O"
                spec={lines(samples.time, "bytes", "bytes", [
                  ["read", samples.read],
                  ["written", samples.write],
                ])}
              />
            </div>
          )}
      </Section>
    </RunPage>
  );
}
