import type { DagPoint } from "./dag_layout.ts";
import type { Hit } from "./dag_scene.ts";
import type { DagStage } from "./dag_stage.ts";

/** What pointing at the canvas means. */
export interface PointerActs {
  hover(hit: Hit | undefined, at: DagPoint): void;
  /** A click on a task or a box; `aside` when it should open beside this page. */
  click(hit: Hit, aside: boolean, touch: boolean): void;
  /** The button of a group, or a double click on it. */
  toggle(hit: Hit): void;
}

const DRAG = 4;
const LINE = 30;
const PER_PIXEL = 0.0016;

/** Listens to mouse, pen and fingers on the canvas until `signal` aborts. */
export function listenToPointers(
  canvas: HTMLElement,
  stage: DagStage,
  acts: PointerActs,
  signal: AbortSignal,
): void {
  const down = new Map<number, DagPoint>();
  let start: DagPoint | undefined;
  let dragging = false;
  let steering = false;

  function at(event: MouseEvent): DagPoint {
    const { left, top } = canvas.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  }

  function pinch(event: PointerEvent): void {
    const [other] = [...down].filter(([id]) => id !== event.pointerId).map(([, point]) => point);
    const before = down.get(event.pointerId)!;
    const now = at(event);
    const apart = (a: DagPoint) => Math.max(1, Math.hypot(a.x - other.x, a.y - other.y));
    const middle = (a: DagPoint) => ({ x: (a.x + other.x) / 2, y: (a.y + other.y) / 2 });
    const [from, to] = [middle(before), middle(now)];
    stage.pan(to.x - from.x, to.y - from.y);
    stage.zoom(apart(now) / apart(before), to);
  }

  function press(event: PointerEvent): void {
    if (event.button !== 0) return;
    const point = at(event);
    down.set(event.pointerId, point);
    start = point;
    dragging = down.size > 1;
    steering = down.size === 1 && stage.steer(point, false);
    canvas.setPointerCapture(event.pointerId);
  }

  function move(event: PointerEvent): void {
    const point = at(event);
    const before = down.get(event.pointerId);
    if (!before) {
      acts.hover(stage.hit(point), point);
      return;
    }
    if (steering) stage.steer(point, true);
    else if (down.size > 1) pinch(event);
    else if (dragging || start && Math.hypot(point.x - start.x, point.y - start.y) >= DRAG) {
      if (!dragging) acts.hover(undefined, point);
      dragging = true;
      canvas.classList.add("is-dragging");
      stage.pan(point.x - before.x, point.y - before.y);
    } else return;
    down.set(event.pointerId, point);
  }

  function lift(event: PointerEvent): void {
    if (!down.delete(event.pointerId)) return;
    canvas.classList.remove("is-dragging");
    const still = !dragging && !steering;
    if (down.size === 0) dragging = steering = false;
    if (!still || event.type === "pointercancel") return;
    const point = at(event);
    const hit = stage.hit(point);
    if (!hit) {
      acts.hover(undefined, point);
      return;
    }
    if (hit.part === "button") acts.toggle(hit);
    else {acts.click(
        hit,
        event.ctrlKey || event.metaKey || event.shiftKey,
        event.pointerType === "touch",
      );}
    if (event.pointerType === "touch") acts.hover(hit, point);
  }

  function wheel(event: WheelEvent): void {
    event.preventDefault();
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE : 1;
    // Trackpads send a pinch as a wheel with the control key, in small steps.
    const factor = event.ctrlKey ? 6 : 1;
    const point = at(event);
    stage.zoom(Math.exp(-event.deltaY * lines * PER_PIXEL * factor), point);
    acts.hover(stage.hit(point), point);
  }

  canvas.addEventListener("pointerdown", press, { signal });
  canvas.addEventListener("pointermove", move, { signal });
  canvas.addEventListener("pointerup", lift, { signal });
  canvas.addEventListener("pointercancel", lift, { signal });
  canvas.addEventListener("pointerleave", (event) => {
    // A finger that is lifted has pointed: what it pointed at stays.
    if (!down.size && event.pointerType !== "touch") acts.hover(undefined, at(event));
  }, { signal });
  canvas.addEventListener("wheel", wheel, { passive: false, signal });
  canvas.addEventListener("dblclick", (event) => {
    const hit = stage.hit(at(event));
    if (hit && hit.part !== "button") acts.toggle(hit);
  }, { signal });
}
