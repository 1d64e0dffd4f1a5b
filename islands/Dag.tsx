import type { ComponentChildren } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import {
  type CriticalAnswer,
  DagApi,
  type FoundAnswer,
  type PathStep,
  type TaskPlace,
} from "../picture/dag/api.ts";
import { toggled } from "../picture/picked.ts";
import type { Lit } from "../picture/dag/draw/frame.ts";
import { DagLegend } from "../components/dag/legend.tsx";
import { DagList } from "../components/dag/list.tsx";
import { CriticalPathSteps } from "../components/dag/path.tsx";
import { litPlaces, type Study } from "../picture/dag/task_details.ts";
import { DagTip } from "../components/dag/tip.tsx";
import { nodeWords } from "../components/dag/descriptions.ts";
import { count } from "../looks/format.ts";
import { host } from "../host/host.ts";
import { type DagColour, type DagView, ofNode } from "../model/dag/view.ts";
import { savePng, saveSvg } from "./dag/save.ts";
import { DagSearch } from "./dag/Search.tsx";
import { useGraph } from "./dag/use_graph.ts";
import { type Pointed, useStage } from "./dag/use_stage.ts";

const NONE: ReadonlySet<number> = new Set();
/** How much a button zooms. */
const ZOOM = 1.4;

interface DagProps {
  view: DagView;
  colour: DagColour;
  runId: string;
  /** What exported files are named after. */
  name: string;
  /** "/workflow/<run_id>", no slash at the end. */
  basePath: string;
  /** What else belongs to the tools above the graph. */
  tools?: ComponentChildren;
}

/** The DAG of a workflow: to pan, zoom, open, filter and follow. */
export default function Dag({ view, colour, runId, name, basePath, tools }: DagProps) {
  const api = useMemo(() => new DagApi(runId), [runId]);
  const body = useRef<HTMLDivElement>(null);
  const graph = useGraph(view, api, body);
  const [picked, setPicked] = useState(NONE);
  const [path, setPath] = useState<CriticalAnswer>();
  const [found, setFound] = useState<FoundAnswer>();
  const [pointed, setPointed] = useState<Pointed>();
  const [study, setStudy] = useState<Study>();
  const [selected, setSelected] = useState<string>();
  const canvas = useRef<HTMLCanvasElement>(null);
  const lit = useMemo(() => lightOf(path, found), [path, found]);
  useEffect(() => setPicked(NONE), [colour]);

  function open(id: string, aside = false): void {
    const at = graph.scene?.byId.get(id);
    if (!at) return;
    ofNode(at.node, {
      task: ({ taskId }) => openTask(taskId, aside),
      group: () => graph.toggle(id),
    });
  }

  function openTask(taskId: number, aside: boolean): void {
    const href = `${basePath}/task/${taskId}`;
    if (aside) host.open(href);
    else host.go(href);
  }

  const stage = useStage(canvas, api, {
    view,
    graph,
    colour,
    picked,
    selected,
    lit,
    path,
    onPoint: setPointed,
    onStudy: setStudy,
    onSelect: setSelected,
    onOpen: open,
    onTask: openTask,
  });

  async function askPath(): Promise<void> {
    setPath(await api.critical().catch(() => undefined));
  }

  useEffect(() => {
    if (path) void askPath();
  }, [graph.drawn]);

  function jump(place: TaskPlace): void {
    stage.current?.reveal(place);
    stage.current?.mark(place);
  }

  const said = selected === undefined ? undefined : graph.scene?.byId.get(selected);
  return (
    <div class="picture dag">
      <div class="picture-tools">
        <DagSearch
          api={api}
          drawn={graph.drawn}
          basePath={basePath}
          onFound={setFound}
          onJump={jump}
        />
        <button
          type="button"
          aria-pressed={path !== undefined}
          onClick={() => path ? setPath(undefined) : askPath()}
        >
          Critical path
        </button>
        <span class="picture-gap" />
        {tools}
        <button type="button" aria-label="Zoom in" onClick={() => stage.current?.ease(ZOOM)}>
          +
        </button>
        <button type="button" aria-label="Zoom out" onClick={() => stage.current?.ease(1 / ZOOM)}>
          −
        </button>
        <button type="button" onClick={() => stage.current?.fit()}>Fit</button>
        <button
          type="button"
          aria-label="Save SVG"
          onClick={() => stage.current && saveSvg(stage.current, name)}
        >
          SVG
        </button>
        <button
          type="button"
          aria-label="Save PNG"
          onClick={() => stage.current && savePng(stage.current, name)}
        >
          PNG
        </button>
      </div>
      <DagLegend
        {...{ view, colour, picked, basePath }}
        onPick={(bucket) => setPicked(toggled(picked, bucket))}
      />
      <div class={`dag-body ${path ? "dag-with-path" : ""}`} ref={body}>
        <div class="picture-stage">
          <canvas
            class="picture-canvas"
            ref={canvas}
            tabIndex={0}
            role="application"
            aria-label="Task graph: arrows move from box to box, Enter opens, plus and minus zoom, f fits, shift and arrows pan"
          />
          {!graph.scene && <Waiting boxes={view.nodes.length} />}
          {pointed && stage.current && (
            <DagTip {...pointed} window={stage.current.window} study={study} />
          )}
          <img class="dag-print" alt="" />
        </div>
        {path && (
          <CriticalPathSteps
            path={path}
            basePath={basePath}
            onPoint={(step: PathStep | undefined) => stage.current?.mark(step)}
            onShow={jump}
          />
        )}
      </div>
      <p class="sr-only" aria-live="polite">
        {said && nodeWords(said.view, said.node).join(", ")}
      </p>
      {graph.scene?.root.plain && (
        <p class="picture-note">Plain layout: the full one took over 1.5 seconds.</p>
      )}
      <DagList
        tree={graph.tree}
        basePath={basePath}
        onFocus={(id) => {
          setSelected(id);
          stage.current?.reveal({ group: id, index: -1 });
        }}
        onToggle={graph.toggle}
      />
    </div>
  );
}

function Waiting({ boxes }: { boxes: number }) {
  return (
    <div class="picture-waiting">
      Laying out {count(boxes)} boxes…
      <noscript>The drawing needs JavaScript; the list below has the same graph.</noscript>
    </div>
  );
}

/** What stands out: the critical path, or else what was searched for. */
function lightOf(
  path: CriticalAnswer | undefined,
  found: FoundAnswer | undefined,
): Lit | undefined {
  if (path) return litPlaces(path.steps);
  return found?.first.length ? litPlaces(found.first) : undefined;
}
