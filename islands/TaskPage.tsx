import { count, duration, naiveTime, nameText } from "../looks/format.ts";
import { Links } from "../components/links.tsx";
import { relatedPath } from "../components/related.tsx";
import { appPath, runPath, taskPath } from "../components/run_header.tsx";
import { Tracebacks, TryUses } from "../components/try_uses.tsx";
import { MeasuredFigure } from "../components/measured.tsx";
import { Remarks } from "../components/remarks.tsx";
import { RunPage } from "../components/run_page.tsx";
import { samplesLeft, taskCharts } from "../picture/chart/task_charts.ts";
import {
  Code,
  Empty,
  Figure,
  Figures,
  KeyValue,
  Pager,
  Section,
  StateBadge,
} from "../components/ui.tsx";
import { Table } from "../components/table/table.tsx";
import type { Relation } from "../model/tasks/related.ts";
import { EVENT_COLUMNS, PLAIN_TRY_COLUMNS, TRY_COLUMNS } from "../model/views/task_columns.ts";
import type { TaskView } from "../model/views/task.ts";
import Chart from "./Chart.tsx";
import { type LiveProps, useLive } from "../live/use_live.ts";

interface TaskPageProps extends LiveProps<TaskView> {
  /** Said in place of the samples where they were left out. */
  left?: string;
}

/** Tries whose use is in sight: the newest. */
const USES = 2;
/** Failures in sight: the newest. */
const FAILURES = 5;

/** Texts of failures, each with the tries that it is of. */
function FailureTexts({ failures }: { failures: [text: string, tries: number[]][] }) {
  return (
    <>
      {failures.map(([text, tries]) => (
        <div key={text}>
          <h3>{tries.length > 1 ? "Tries" : "Try"} {tries.join(", ")}</h3>
          <Code text={text} />
        </div>
      ))}
    </>
  );
}

/** One task: its tries, its states, what it waited for, why it failed, what it used. */
export default function TaskPage({ view, live, loading, left }: TaskPageProps) {
  const now = useLive(view, live, loading).value;
  const v = now.view;
  const { head, line, text, samples } = v;
  const path = taskPath(head.runId, line.taskId);
  const notDrawn = samplesLeft(samples);
  // A retry that fails alike says nothing new: one text for all its tries.
  const failures = new Map<string, number[]>();
  for (const t of v.tries) {
    if (t.failure) failures.set(t.failure, [...failures.get(t.failure) ?? [], t.tryId]);
  }
  const more = (relation: Relation, left: number) =>
    left > 0 && (
      <>
        {" and "}
        <a href={relatedPath(head.runId, { relation, taskId: line.taskId })}>
          {count(left)} more
        </a>
      </>
    );
  const tasks = (list: TaskView["depends"], relation: Relation, left: number) => (
    <>
      <Links
        items={list.map((t) => ({
          href: taskPath(head.runId, t.taskId),
          label: t.taskId,
          title: `${t.app}: ${t.state}`,
        }))}
      />
      {more(relation, left)}
    </>
  );
  return (
    <RunPage head={head} tab="tasks" title={`Task ${line.taskId}`} loading={now.loading}>
      <Figures>
        <Figure label="State" value={<StateBadge state={line.state} />} />
        <Figure label="App" value={nameText(line.app)} href={appPath(head.runId, line.app)} />
        <Figure label="Tries" value={count(line.tries)} />
        <Figure label="Run time" value={duration(line.ran)} hint="of the last try" />
        <Figure label="Peak memory" value={<MeasuredFigure {...line.memory} />} />
        <Figure label="CPU time" value={<MeasuredFigure {...line.cpu} />} hint="of all tries" />
        <Figure label="Invoked" value={naiveTime(line.invoked)} />
        <Figure label="Completed" value={naiveTime(line.returned)} />
      </Figures>
      {v.tracebacks.length > 0 && (
        <Section id="tracebacks" title="Traceback">
          <Tracebacks tracebacks={v.tracebacks} />
          {v.moreTracebacks > 0 && (
            <p class="soft">and {count(v.moreTracebacks)} other tracebacks of earlier tries</p>
          )}
        </Section>
      )}
      {failures.size > 0 && (
        <Section id="failures" title="Why it failed">
          <FailureTexts failures={[...failures].slice(-FAILURES)} />
          {failures.size > FAILURES && (
            <details class="more">
              <summary>{count(failures.size - FAILURES)} earlier failures of these tries</summary>
              <FailureTexts failures={[...failures].slice(0, -FAILURES)} />
            </details>
          )}
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
          columns={v.tries.some((t) => t.worker) ? TRY_COLUMNS : PLAIN_TRY_COLUMNS}
          lines={v.tries}
        />
        {v.triesPage.pages > 1 && (
          <>
            <Pager {...v.triesPage} href={(page) => `${path}?tries=${page}#tries`} />
            <p class="soft">Failures, states and resource use on this page are of these tries.</p>
          </>
        )}
      </Section>
      {v.uses.length > 0 && (
        <Section id="used" title="Used and asked for">
          <TryUses uses={v.uses.slice(-USES)} />
          {v.uses.length > USES && (
            <details class="more">
              <summary>{count(v.uses.length - USES)} earlier tries</summary>
              <TryUses uses={v.uses.slice(0, -USES)} />
            </details>
          )}
        </Section>
      )}
      <Section id="states" title="States">
        <Table
          label="States"
          columns={EVENT_COLUMNS}
          lines={v.events.map((event) => ({ ...event, invoked: line.invoked }))}
        />
      </Section>
      <Remarks remarks={v.remarks} />
      <Section id="links" title="Dependencies">
        <KeyValue
          items={[
            {
              key: "Depends on",
              value: tasks(v.depends, "dependencies_of", v.moreDepends),
            },
            {
              key: "Depended on by",
              value: tasks(v.dependents, "dependents_of", v.moreDependents),
            },
            ...v.tries.filter((t) => t.joins.length > 0).map((t) => ({
              key: `Joins (try ${t.tryId})`,
              value: (
                <>
                  <Links
                    items={t.joins.map((id) => ({ href: taskPath(head.runId, id), label: id }))}
                  />
                  {t.otherJoins
                    ? (
                      <details class="more">
                        <summary>and {count(t.moreJoins)} more</summary>
                        {t.otherJoins}
                      </details>
                    )
                    : more("joined_by", t.moreJoins)}
                </>
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
      <Section
        id="usage"
        title="Resource use"
        actions={samples.recorded > 0 && <a href={`${path}/samples.csv`} download>CSV</a>}
      >
        {samples.recorded === 0
          ? (
            <Empty
              why={left ?? "No resource samples were recorded for this task."}
              what={left
                ? undefined
                : "Tasks shorter than the interval may have none; set resource_monitoring_enabled and a short resource_monitoring_interval in MonitoringHub to record them."}
            />
          )
          : (
            <>
              <div class="grid">
                {taskCharts(samples).map(({ title, spec }) => (
                  <Chart key={title} title={title} spec={spec} />
                ))}
              </div>
              {notDrawn && <p class="soft">{notDrawn}</p>}
            </>
          )}
      </Section>
    </RunPage>
  );
}
