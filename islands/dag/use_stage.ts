import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { CriticalAnswer, DagApi } from "../../picture/dag/api.ts";
import { CellStore } from "../../picture/dag/cell_store.ts";
import type { Link, LinkPlace } from "../../picture/dag/draw/links.ts";
import type { Lit } from "../../picture/dag/draw/frame.ts";
import { pressKey } from "../../picture/dag/keys.ts";
import type { DagPoint } from "../../picture/geometry.ts";
import { listenToPointers } from "../../picture/pointer.ts";
import type { Hit } from "../../picture/dag/layout/scene.ts";
import { DagStage } from "../../picture/dag/stage.ts";
import { linksOf, litBy, type Study, TaskStudy } from "../../picture/dag/task_details.ts";
import { isTask, placeOf, TaskBytes } from "../../picture/dag/tasks.ts";
import { changedGroups } from "../../picture/dag/changes.ts";
import type { DagColour, DagView } from "../../model/dag/view.ts";
import { keepPrint } from "./save.ts";
import type { Graph } from "./use_graph.ts";

/** What is pointed at, and where on the canvas. */
export interface Pointed {
  hit: Hit;
  at: DagPoint;
}

/** What a stage shows, and whom it tells. */
export interface StageProps {
  view: DagView;
  graph: Graph;
  colour: DagColour;
  picked: ReadonlySet<number>;
  selected: string | undefined;
  /** What stands out while nothing is pointed at. */
  lit: Lit | undefined;
  path: CriticalAnswer | undefined;
  onPoint(pointed: Pointed | undefined): void;
  onStudy(study: Study | undefined): void;
  onSelect(id: string | undefined): void;
  onOpen(id: string, aside?: boolean): void;
  onTask(taskId: number, aside: boolean): void;
}

interface Kept {
  stage: DagStage;
  cells: CellStore;
  bytes: TaskBytes;
  study: TaskStudy;
}

/** Cells from this size on, in pixels, are clicked one by one. */
const AIMED_PX = 6;

/** Keeps the canvas as the properties say; the stage is there once the page is. */
export function useStage(
  canvas: RefObject<HTMLCanvasElement>,
  api: DagApi,
  props: StageProps,
): RefObject<DagStage> {
  const latest = useRef(props);
  latest.current = props;
  const kept = useRef<Kept>();
  const stage = useRef<DagStage>(null);
  const before = useRef<DagView>();
  const shown = useRef("");
  const { view, graph: { scene, drawn, around }, colour, picked, selected, lit, path } = props;

  useEffect(() => {
    const abort = new AbortController();
    const made = kept.current = begin(canvas.current!, api, () => latest.current, abort.signal);
    stage.current = made.stage;
    return () => {
      abort.abort();
      made.stage.end();
      made.cells.end();
      stage.current = null;
    };
  }, [api]);

  useEffect(() => {
    if (!kept.current || !scene) return;
    const { stage, cells, bytes, study } = kept.current;
    api.forget();
    void study.again();
    bytes.show(scene.root);
    if (before.current) cells.outdate(changedGroups(before.current, view));
    before.current = view;
    const same = stage.scene?.root.layout === scene.root.layout;
    if (same) stage.refresh(scene);
    // When the user opened or closed a group, that group stays in the middle. When the picture is
    // another because the run went on, the view stays as it is.
    else stage.show(scene, drawn === shown.current ? undefined : around);
    shown.current = drawn;
  }, [scene]);

  useEffect(() => {
    kept.current?.bytes.by(colour);
    kept.current?.stage.paint(colour, picked);
  }, [colour, picked]);

  // The next key goes on from here, and it may come before the next frame.
  useLayoutEffect(() => {
    if (!stage.current) return;
    stage.current.selected = selected;
    const at = selected === undefined ? undefined : scene?.byId.get(selected);
    if (at) stage.current.bringIn(at.box);
    stage.current.redraw();
  }, [selected]);

  useEffect(() => {
    if (!stage.current) return;
    stage.current.path = path && stepsOf(path);
    stage.current.lit = lit;
    stage.current.redraw();
  }, [lit, path]);

  return stage;
}

function stepsOf({ steps }: CriticalAnswer): Link[] {
  return steps.slice(1).map((to, at) => ({ from: steps[at], to }));
}

function begin(
  canvas: HTMLCanvasElement,
  api: DagApi,
  props: () => StageProps,
  signal: AbortSignal,
): Kept {
  const cells = new CellStore(api, () => stage.redraw());
  const stage = new DagStage(canvas, cells);
  const bytes = new TaskBytes(api, () => stage.redraw());
  stage.byteOf = (node) => bytes.of(node);
  let self: LinkPlace | undefined;

  const study = new TaskStudy(api, (found) => {
    const { onStudy, lit, path, view } = props();
    onStudy(found);
    stage.links = found && self ? linksOf(self, found.task) : [];
    const own = found && self && !path ? litBy(view, self, found) : undefined;
    stage.lit = own ?? lit;
    stage.redraw();
  });

  function hover(hit: Hit | undefined, at: DagPoint): void {
    const task = hit && isTask(hit) ? hit : undefined;
    const id = hit?.at.node.id;
    const index = hit?.index ?? -1;
    canvas.style.cursor = hit?.part === "button" || task ? "pointer" : "";
    const same = stage.hovered?.id === id && stage.hovered?.index === index;
    props().onPoint(hit && hit.part !== "button" ? { hit, at } : undefined);
    if (same || !hit && !stage.hovered) return;
    stage.hovered = id === undefined ? undefined : { id, index };
    self = task && { group: task.at.node.id, index: Math.max(0, task.index) };
    void study.of(task && placeOf(task));
    stage.redraw();
  }

  function toggle({ at: { node } }: Hit): void {
    if (node.kind === "group") props().onOpen(node.id);
  }

  listenToPointers(canvas, stage, {
    hover,
    async click(hit, aside, touch) {
      const { node } = hit.at;
      if (hit.part === "button") return toggle(hit);
      const known = stage.hovered?.id === node.id && stage.hovered.index === hit.index;
      if (touch && !known) return;
      if (node.kind === "task") return props().onOpen(node.id, aside);
      if (hit.part !== "cell" || stage.cellSize(hit) < AIMED_PX) return props().onSelect(node.id);
      // The run may have gone on from what is drawn: then there is no task to open.
      const task = await api.task({ group: node.id, index: hit.index }).catch(() => undefined);
      if (task) props().onTask(task.taskId, aside);
    },
    twice: (hit) => hit.part !== "button" && toggle(hit),
  }, signal);

  canvas.addEventListener("keydown", (event) => {
    const done = pressKey(event, stage, {
      select: (id) => props().onSelect(id),
      enter: (id) => props().onOpen(id),
      escape() {
        const open = stage.selected && stage.scene?.byId.get(stage.selected);
        const outer = open && (open.open ? open : open.parent);
        if (outer) props().onOpen(outer.node.id);
        else props().onSelect(undefined);
      },
    });
    if (done) event.preventDefault();
  }, { signal });

  const room = new ResizeObserver(() =>
    stage.resize({ width: canvas.clientWidth, height: canvas.clientHeight })
  );
  room.observe(canvas);
  signal.addEventListener("abort", () => room.disconnect());
  stage.resize({ width: canvas.clientWidth, height: canvas.clientHeight });
  const restyle = () => stage.restyle();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", restyle, { signal });
  keepPrint(canvas, stage, signal);
  return { stage, cells, bytes, study };
}
