import { RunHeader, runPath } from "../components/run_header.tsx";
import { Empty, Tabs } from "../components/ui.tsx";
import type { DagPageView } from "../model/views.ts";
import Dag from "./Dag.tsx";
import { type LiveProps, useLive } from "./use_live.ts";

/** The DAG of a run, coloured by app or by state. */
export default function DagPage({ view, live, loading }: LiveProps<DagPageView>) {
  const now = useLive(view, live, loading).value;
  const { head, dag } = now.view;
  const path = runPath(head.runId);
  return (
    <>
      <RunHeader head={head} loading={now.loading} tab="dag" title="DAG" />
      <main id="main">
        <Tabs
          items={[
            { href: `${path}/dag_group_by_apps`, label: "By app", current: dag.colour === "apps" },
            {
              href: `${path}/dag_group_by_states`,
              label: "By state",
              current: dag.colour === "states",
            },
          ]}
        />
        {dag.tasks === 0
          ? (
            <Empty
              why="No task of this workflow has been recorded yet."
              what="The graph appears with the first task."
            />
          )
          : <Dag view={dag} basePath={path} />}
      </main>
    </>
  );
}
