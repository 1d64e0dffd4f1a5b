import { useEffect, useState } from "preact/hooks";
import { COLOURS, isColour } from "../components/dag_colours.ts";
import { RunHeader, runPath } from "../components/run_header.tsx";
import { Empty, Tabs } from "../components/ui.tsx";
import type { DagColour } from "../model/dag.ts";
import type { DagPageView } from "../model/views.ts";
import Dag from "./Dag.tsx";
import { type LiveProps, useLive } from "./use_live.ts";

/** The address of a run's DAG in some colouring. */
function dagHref(path: string, colour: DagColour): string {
  if (colour === "apps" || colour === "states") return `${path}/dag_group_by_${colour}`;
  return `${path}/dag_group_by_apps?colour=${colour}`;
}

/** The DAG of a run, coloured by what the address says. */
export default function DagPage({ view, live, loading }: LiveProps<DagPageView>) {
  const now = useLive(view, live, loading).value;
  const { head, dag } = now.view;
  const path = runPath(head.runId);
  const [colour, setColour] = useState(view.dag.colour);

  useEffect(() => {
    const asked = new URLSearchParams(location.search).get("colour");
    if (isColour(asked)) setColour(asked);
  }, []);

  /** Colours anew without leaving the page, unless a new tab or window is asked for. */
  function recolour(event: MouseEvent): void {
    if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const href = (event.target as Element).closest("a")?.getAttribute("href");
    const chosen = COLOURS.find(({ colour }) => dagHref(path, colour) === href);
    if (!chosen || !href) return;
    event.preventDefault();
    history.replaceState(history.state, "", href);
    setColour(chosen.colour);
  }

  return (
    <>
      <RunHeader head={head} loading={now.loading} tab="dag" title="DAG" />
      <main id="main" class="dag-main">
        {/* The clicks of links within. */}
        <div onClick={recolour}>
          <Tabs
            items={COLOURS.map(({ colour: each, label }) => ({
              href: dagHref(path, each),
              label: `By ${label}`,
              current: each === colour,
            }))}
          />
        </div>
        {dag.tasks === 0
          ? (
            <Empty
              why="No task of this workflow has been recorded yet."
              what="The graph appears with the first task."
            />
          )
          : (
            <Dag
              view={dag}
              colour={colour}
              runId={head.runId}
              name={`${head.name}-dag`}
              basePath={path}
            />
          )}
      </main>
    </>
  );
}
