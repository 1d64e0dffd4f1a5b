import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { DagView } from "../model/dag.ts";
import { DagCamera } from "../components/dag_camera.ts";
import { elkLayout } from "../components/dag_elk.ts";
import { count } from "../components/format.ts";
import { type DagLayout, layeredLayout } from "../components/dag_layout.ts";
import { DagLegend, isPicked } from "../components/dag_legend.tsx";
import { NodeBox, nodeWords } from "../components/dag_node.tsx";
import { dagShape, dagStructure, lineMiddle, linePath } from "../components/dag_shape.ts";

const LIMIT_MS = 8000;
const STEP = 60;
const ZOOM = 1.25;
const DRAG = 4;
const NONE: ReadonlySet<number> = new Set();

interface Drawn {
  structure: string;
  layout: DagLayout;
  plain: boolean;
}

interface DagProps {
  view: DagView;
  /** "/workflow/<run_id>", no slash at the end. */
  basePath: string;
}

/** The DAG of a workflow: laid out in the browser, to pan, zoom, filter and follow. */
export default function Dag({ view, basePath }: DagProps) {
  const structure = dagStructure(view);
  const drawn = useLayout(view, structure);
  const [picked, setPicked] = useState(NONE);
  useEffect(() => setPicked(NONE), [view.colour]);

  function pick(index: number): void {
    const next = new Set(picked);
    if (!next.delete(index)) next.add(index);
    setPicked(next);
  }

  if (view.nodes.length === 0) return <p class="dag-empty">No task has been submitted yet.</p>;
  return (
    <div class="dag">
      <DagLegend view={view} picked={picked} onPick={pick} />
      {drawn
        ? <Drawing view={view} drawn={drawn} basePath={basePath} picked={picked} />
        : (
          <div class="dag-canvas dag-waiting">
            Laying out {view.nodes.length} nodes…
            <noscript>
              The drawing needs JavaScript; the tables show the same tasks without it.
            </noscript>
          </div>
        )}
    </div>
  );
}

/** The latest layout; while a new structure is being laid out, the one before it stays. */
function useLayout(view: DagView, structure: string): Drawn | undefined {
  const [drawn, setDrawn] = useState<Drawn>();
  useEffect(() => {
    const shape = dagShape(view);
    const abort = new AbortController();
    elkLayout(shape, LIMIT_MS, abort.signal).then(
      (layout) => setDrawn({ structure, layout, plain: false }),
      () => {
        if (abort.signal.aborted) return;
        setDrawn({ structure, layout: layeredLayout(shape), plain: true });
      },
    );
    return () => abort.abort();
  }, [structure]);
  return drawn;
}

interface DrawingProps {
  view: DagView;
  drawn: Drawn;
  basePath: string;
  picked: ReadonlySet<number>;
}

function Drawing({ view: latest, drawn, basePath, picked }: DrawingProps) {
  const view = useDrawable(latest, drawn.structure);
  const { layout, plain } = drawn;
  const [hovered, setHovered] = useState<string>();
  const camera = useMemo(() => new DagCamera(), []);
  const canvas = useRef<HTMLDivElement>(null);
  const near = useMemo(() => neighbours(view, hovered), [view, hovered]);
  const size = () => ({
    width: canvas.current?.clientWidth ?? 0,
    height: canvas.current?.clientHeight ?? 0,
  });
  const fit = () => camera.fit(layout, size());
  const zoomMiddle = (factor: number) => {
    setHovered(undefined);
    camera.zoom(factor, size().width / 2, size().height / 2);
  };
  const drag = useDrag(camera, () => setHovered(undefined));

  useEffect(() => {
    if (!camera.moved) fit();
  }, [layout]);

  useEffect(() => {
    const element = canvas.current!;
    const wheel = (event: WheelEvent) => {
      event.preventDefault();
      const { left, top } = element.getBoundingClientRect();
      const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 30 : 1;
      setHovered(undefined);
      camera.zoom(
        Math.exp(-event.deltaY * lines * 0.0015),
        event.clientX - left,
        event.clientY - top,
      );
    };
    element.addEventListener("wheel", wheel, { passive: false });
    return () => element.removeEventListener("wheel", wheel);
  }, []);

  const keys: Record<string, () => void> = {
    ArrowLeft: () => camera.pan(STEP, 0),
    ArrowRight: () => camera.pan(-STEP, 0),
    ArrowUp: () => camera.pan(0, STEP),
    ArrowDown: () => camera.pan(0, -STEP),
    "+": () => zoomMiddle(ZOOM),
    "=": () => zoomMiddle(ZOOM),
    "-": () => zoomMiddle(1 / ZOOM),
    "0": fit,
  };
  function press(event: KeyboardEvent): void {
    const act = keys[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    setHovered(undefined);
    act();
  }

  const fade = (id: string) => hovered && !near.has(id) ? "dag-far" : "";
  const out = new Set(
    view.nodes.filter((node) => !isPicked(view, node, picked)).map(({ id }) => id),
  );
  return (
    <>
      <div
        class="dag-canvas"
        ref={canvas}
        tabIndex={0}
        role="group"
        aria-label="Task graph: arrows move, plus and minus zoom, 0 fits"
        onKeyDown={press}
        {...drag}
      >
        <svg class="dag-svg">
          <defs>
            <marker
              id="dag-arrow"
              viewBox="0 0 8 8"
              refX="8"
              refY="4"
              markerWidth="7"
              markerHeight="7"
              orient="auto"
            >
              <path d="M0 0L8 4L0 8z" />
            </marker>
          </defs>
          <g transform={camera.transform}>
            {view.edges.map((edge, at) => {
              const line = layout.lines[at];
              if (!line || line.length < 2) return null;
              const lit = hovered !== undefined && (edge.from === hovered || edge.to === hovered);
              const dim = hovered !== undefined && !lit || out.has(edge.from) || out.has(edge.to);
              const middle = lineMiddle(line);
              return (
                <g
                  key={`${edge.from}>${edge.to}`}
                  class={`dag-edge ${lit ? "dag-lit" : ""} ${dim ? "dag-far" : ""}`}
                >
                  <path d={linePath(line)} marker-end="url(#dag-arrow)" />
                  {edge.kind !== "1:1" && (
                    <text x={middle.x} y={middle.y - 3}>
                      {edge.kind} · {count(edge.count)}
                    </text>
                  )}
                </g>
              );
            })}
            {view.nodes.map((node) => {
              const box = layout.boxes.get(node.id);
              return box && (
                <NodeBox
                  key={node.id}
                  view={view}
                  node={node}
                  box={box}
                  basePath={basePath}
                  className={`${fade(node.id)} ${out.has(node.id) ? "dag-out" : ""}`}
                  onEnter={() => setHovered(node.id)}
                  onLeave={() => setHovered(undefined)}
                  onFocus={() => {
                    camera.reveal(box, size());
                    setHovered(node.id);
                  }}
                />
              );
            })}
          </g>
        </svg>
        <Tip view={view} layout={layout} camera={camera} id={hovered} />
        <div class="dag-buttons" onPointerDown={(event) => event.stopPropagation()}>
          <button type="button" aria-label="Zoom in" onClick={() => zoomMiddle(ZOOM)}>+</button>
          <button type="button" aria-label="Zoom out" onClick={() => zoomMiddle(1 / ZOOM)}>
            −
          </button>
          <button type="button" onClick={fit}>Fit</button>
        </div>
      </div>
      {plain && <p class="dag-note">Plain layout: the full one failed or took over 8 seconds.</p>}
    </>
  );
}

/** The latest view the layout fits: the newest, or the last one before the structure changed. */
function useDrawable(latest: DagView, structure: string): DagView {
  const kept = useRef(latest);
  if (dagStructure(latest) === structure) kept.current = latest;
  return kept.current;
}

/** A node and the nodes it has an edge with. */
function neighbours(view: DagView, id: string | undefined): Set<string> {
  const near = new Set<string>();
  if (id === undefined) return near;
  near.add(id);
  for (const { from, to } of view.edges) {
    if (from === id) near.add(to);
    if (to === id) near.add(from);
  }
  return near;
}

/** Pointer handlers that pan; a drag that began on a link does not follow it. */
function useDrag(camera: DagCamera, onStart: () => void) {
  const from = useRef<{ x: number; y: number; dragging: boolean } | null>(null);
  const dragged = useRef(false);
  return {
    onPointerDown(event: PointerEvent) {
      if (event.button !== 0) return;
      dragged.current = false;
      from.current = { x: event.clientX, y: event.clientY, dragging: false };
    },
    onPointerMove(event: PointerEvent & { currentTarget: HTMLElement }) {
      const start = from.current;
      if (!start) return;
      const dx = event.clientX - start.x;
      const dy = event.clientY - start.y;
      if (!start.dragging && Math.hypot(dx, dy) < DRAG) return;
      if (!start.dragging) {
        dragged.current = true;
        event.currentTarget.setPointerCapture(event.pointerId);
        onStart();
      }
      camera.pan(dx, dy);
      from.current = { x: event.clientX, y: event.clientY, dragging: true };
    },
    onPointerUp() {
      from.current = null;
      setTimeout(() => dragged.current = false);
    },
    onPointerCancel: () => void (from.current = null),
    onDragStart: (event: DragEvent) => event.preventDefault(),
    onClickCapture(event: MouseEvent) {
      if (!dragged.current) return;
      dragged.current = false;
      event.preventDefault();
      event.stopPropagation();
    },
  };
}

interface TipProps {
  view: DagView;
  layout: DagLayout;
  camera: DagCamera;
  id: string | undefined;
}

function Tip({ view, layout, camera, id }: TipProps) {
  const node = view.nodes.find((one) => one.id === id);
  const box = node && layout.boxes.get(node.id);
  if (!node || !box) return null;
  const { x, y, scale } = camera.at.peek();
  const [name, ...facts] = nodeWords(view, node);
  return (
    <div
      class="dag-tip"
      aria-hidden="true"
      style={{ left: `${x + box.x * scale}px`, top: `${y + (box.y + box.height) * scale + 6}px` }}
    >
      <b>{name}</b>
      {facts.map((fact) => <div key={fact}>{fact}</div>)}
    </div>
  );
}
