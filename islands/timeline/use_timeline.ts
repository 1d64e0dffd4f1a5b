import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { DagPoint } from "../../picture/geometry.ts";
import { listenToPointers } from "../../picture/pointer.ts";
import type { TimelineApi } from "../../picture/timeline/api.ts";
import { BarStore } from "../../picture/timeline/bars.ts";
import type { TimelineColour } from "../../picture/timeline/frame.ts";
import { type TimelineHit, TimelineStage } from "../../picture/timeline/stage.ts";
import type { LaneTry } from "../../model/timeline/try.ts";
import type { TimelineView } from "../../model/timeline/view.ts";
import { Newest } from "./newest.ts";

/** A try that is pointed at, and where on the canvas. */
export interface PointedTry {
  attempt: LaneTry;
  at: DagPoint;
}

/** What a timeline shows, and whom it tells. */
export interface TimelineProps {
  view: TimelineView;
  api: TimelineApi;
  colour: TimelineColour;
  picked: ReadonlySet<number>;
  onPoint(pointed: PointedTry | undefined): void;
  /** Another part is seen. */
  onMove(stage: TimelineStage): void;
  onTask(taskId: number, aside: boolean): void;
}

/** How far keys go: as a share of what is seen, in pixels, and how much they zoom. */
const STEP = 0.2;
const SCROLL_PX = 60;
const ZOOM = 1.4;

/** Keeps the canvas in `box` as the properties say; the stage is there once the page is. */
export function useTimeline(
  box: RefObject<HTMLElement>,
  props: TimelineProps,
): RefObject<TimelineStage> {
  const latest = useRef(props);
  latest.current = props;
  const stage = useRef<TimelineStage>(null);
  const { view, api, colour, picked } = props;

  useLayoutEffect(() => {
    const abort = new AbortController();
    const made = stage.current = begin(box.current!, () => latest.current, abort.signal);
    return () => {
      abort.abort();
      made.end();
      stage.current = null;
    };
  }, [api]);

  useEffect(() => stage.current?.show(view), [view]);

  useLayoutEffect(() => {
    if (!stage.current) return;
    stage.current.colour = colour;
    stage.current.picked = picked;
    stage.current.redraw();
  }, [colour, picked]);

  return stage;
}

function begin(
  scroller: HTMLElement,
  props: () => TimelineProps,
  signal: AbortSignal,
): TimelineStage {
  const { api, view } = props();
  const canvas = scroller.querySelector("canvas")!;
  const inner = canvas.parentElement!;
  const bars = new BarStore(api, () => stage.redraw());
  const stage: TimelineStage = new TimelineStage(
    { scroller, inner, canvas },
    view,
    bars,
    () => props().onMove(stage),
  );
  const newest = new Newest();
  const ask = ({ bar, from, to }: TimelineHit) =>
    newest.of(() => api.tryBetween(bar.lane, from, to));

  function hover(hit: TimelineHit | undefined, at: DagPoint): void {
    stage.pointed = hit?.bar;
    stage.redraw();
    canvas.style.cursor = hit ? "pointer" : "";
    if (!hit) {
      newest.forget();
      props().onPoint(undefined);
      return;
    }
    void ask(hit).then((attempt) => attempt && props().onPoint({ attempt, at }));
  }

  listenToPointers(canvas, stage, {
    hover,
    click(hit, aside, touch) {
      const known = stage.pointed?.lane === hit.bar.lane && stage.pointed.from === hit.bar.from;
      if (touch && !known) return;
      void ask(hit).then((attempt) => attempt && props().onTask(attempt.taskId, aside));
    },
  }, signal);

  canvas.addEventListener("keydown", (event) => {
    if (pressKey(event, stage)) event.preventDefault();
  }, { signal });
  scroller.addEventListener("scroll", () => stage.redraw(), { signal });
  const room = new ResizeObserver(() => stage.resize());
  room.observe(scroller);
  signal.addEventListener("abort", () => room.disconnect());
  const scheme = matchMedia("(prefers-color-scheme: dark)");
  scheme.addEventListener("change", () => stage.restyle(), { signal });
  stage.resize();
  return stage;
}

/** Does what a key says; false if it says nothing here. */
function pressKey(event: KeyboardEvent, stage: TimelineStage): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  const step = STEP * stage.size.width;
  switch (event.key) {
    case "ArrowLeft":
      stage.pan(step, 0);
      return true;
    case "ArrowRight":
      stage.pan(-step, 0);
      return true;
    case "ArrowUp":
      stage.pan(0, SCROLL_PX);
      return true;
    case "ArrowDown":
      stage.pan(0, -SCROLL_PX);
      return true;
    case "+":
    case "=":
      stage.zoom(ZOOM);
      return true;
    case "-":
      stage.zoom(1 / ZOOM);
      return true;
    case "f":
    case "0":
      stage.fit();
      return true;
    default:
      return false;
  }
}
