import { useEffect, useState } from "preact/hooks";
import { COLOURS, isColour } from "../picture/dag/draw/colours.ts";
import { clickedLink } from "../host/clicked_link.ts";
import { host } from "../host/host.ts";
import { runPath } from "../components/run_header.tsx";
import { RunPage } from "../components/run_page.tsx";
import { Empty, Tabs } from "../components/ui.tsx";
import type { DagColour } from "../model/dag/view.ts";
import { DAG_NODES, type DagNodes, MOST_TASKS } from "../model/dag/nodes.ts";
import type { DagPageView } from "../model/views/dag.ts";
import Dag from "./Dag.tsx";
import { type LiveProps, useLive } from "../live/use_live.ts";

/** The address of a run's DAG in some colouring, drawn of what reads best unless `nodes` says. */
function dagHref(path: string, colour: DagColour, nodes: DagNodes | null): string {
  const params = new URLSearchParams();
  const ofStates = colour === "states";
  if (!ofStates && colour !== "apps") params.set("colour", colour);
  if (nodes) params.set("nodes", nodes);
  const page = `${path}/dag_group_by_${ofStates ? "states" : "apps"}`;
  return params.size > 0 ? `${page}?${params}` : page;
}

/** The DAG of a run, coloured by what the address says. */
export default function DagPage({ view, live, loading }: LiveProps<DagPageView>) {
  const now = useLive(view, live, loading).value;
  const { head, dag, nodes } = now.view;
  const path = runPath(head.runId);
  const [colour, setColour] = useState(view.dag.colour);

  useEffect(() => {
    const asked = host.address().searchParams.get("colour");
    if (isColour(asked)) setColour(asked);
  }, []);

  const tabs = COLOURS.map(({ colour: each, label }) => ({
    colour: each,
    href: dagHref(path, each, nodes),
    label: `By ${label}`,
    current: each === colour,
  }));

  /** Colours anew without leaving the page. */
  function recolour(event: MouseEvent): void {
    const tab = clickedLink(event, tabs);
    if (!tab) return;
    host.replace(tab.href);
    setColour(tab.colour);
  }

  return (
    <RunPage head={head} tab="dag" title="DAG" loading={now.loading} class="dag-main">
      {/* The clicks of links within. */}
      <div onClick={recolour}>
        <Tabs items={tabs} />
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
            tools={dag.tasks <= MOST_TASKS && (
              <DrawnOf
                nodes={dag.kind}
                onChoose={(chosen) => host.go(dagHref(path, colour, chosen))}
              />
            )}
          />
        )}
    </RunPage>
  );
}

const DRAWN_OF: Record<DagNodes, string> = { tasks: "Tasks", groups: "Groups" };

interface DrawnOfProps {
  nodes: DagNodes;
  onChoose: (nodes: DagNodes) => void;
}

/** Chooses whether the graph's boxes are tasks or groups of them. */
function DrawnOf({ nodes, onChoose }: DrawnOfProps) {
  return (
    <>
      {DAG_NODES.map((each) => (
        <button
          key={each}
          type="button"
          aria-pressed={each === nodes}
          onClick={() => each === nodes || onChoose(each)}
        >
          {DRAWN_OF[each]}
        </button>
      ))}
    </>
  );
}
