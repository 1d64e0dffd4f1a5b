import { count, duration, naiveTime } from "../components/format.ts";
import { runPath, statusText } from "../components/run_header.tsx";
import { TopBar } from "../components/top_bar.tsx";
import { Empty, RunStatus, Table } from "../components/ui.tsx";
import type { WorkflowsView } from "../model/workflows_view.ts";
import { useLive } from "./use_live.ts";

/** The list of workflows, the newest first, kept up to date. */
export default function WorkflowsPage(
  { view, live }: { view: WorkflowsView; live: string | null },
) {
  const { workflows, databases } = useLive(view, live).value;
  const several = databases.length > 1;
  return (
    <>
      <TopBar crumbs={[{ label: "Workflows" }]}>
        <span class="muted">{databases.join(", ")}</span>
      </TopBar>
      <main id="main">
        <h1>Workflows</h1>
        {workflows.length === 0
          ? (
            <Empty
              why="This database holds no workflow yet."
              what="Start a Parsl program with monitoring on; it appears here by itself."
            />
          )
          : (
            <Table
              label="Workflows"
              columns={[
                { key: "name", label: "Workflow" },
                { key: "status", label: "Status" },
                { key: "version", label: "Version" },
                { key: "user", label: "Owner" },
                { key: "host", label: "Host" },
                { key: "began", label: "Started" },
                { key: "duration", label: "Runtime", numeric: true },
                { key: "done", label: "Completed", numeric: true },
                { key: "failed", label: "Failed", numeric: true },
                ...(several ? [{ key: "db", label: "Database" }] : []),
              ]}
              rows={workflows.map((w) => [
                <a href={`${runPath(w.runId)}/`}>{w.name}</a>,
                <RunStatus status={w.status} text={statusText(w.status, w.silence)} />,
                w.version ?? "–",
                w.user ?? "–",
                w.host ?? "–",
                naiveTime(w.began),
                duration(w.duration),
                count(w.tasksCompleted),
                w.tasksFailed
                  ? <a href={`${runPath(w.runId)}/#failures`}>{count(w.tasksFailed)}</a>
                  : "0",
                ...(several ? [w.database] : []),
              ])}
            />
          )}
      </main>
    </>
  );
}
