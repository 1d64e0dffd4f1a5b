import type { DagPoint } from "./geometry.ts";

/** A picture that is moved and pointed at. */
export interface Pointable<Hit> {
  pan(dx: number, dy: number): void;
  /** Zooms about a point of the screen. */
  zoom(factor: number, at: DagPoint): void;
  /** What is at a point. */
  hit(at: DagPoint): Hit | undefined;
  /** Takes a press that means neither; whether it did. `moving` after the first one. */
  steer?(at: DagPoint, moving: boolean): boolean;
}

/** What pointing at a picture means. */
export interface PointerActs<Hit> {
  hover(hit: Hit | undefined, at: DagPoint): void;
  /** `aside` when it should open beside this page; `touch` for fingers. */
  click(hit: Hit, aside: boolean, touch: boolean): void;
  /** A double click. */
  twice?(hit: Hit): void;
}

const DRAG = 4;
const LINE = 30;
const PER_PIXEL = 0.0016;

/** Listens to mouse, pen and fingers on an element until `signal` aborts. */
export function listenToPointers<Hit>(
  element: HTMLElement,
  picture: Pointable<Hit>,
  acts: PointerActs<Hit>,
  signal: AbortSignal,
): void {
  const down = new Map<number, DagPoint>();
  let start: DagPoint | undefined;
  let dragging = false;
  let steering = false;

  function at(event: MouseEvent): DagPoint {
    const { left, top } = element.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  }

  function pinch(event: PointerEvent): void {
    const [other] = [...down].filter(([id]) => id !== event.pointerId).map(([, point]) => point);
    const before = down.get(event.pointerId)!;
    const now = at(event);
    const apart = (a: DagPoint) => Math.max(1, Math.hypot(a.x - other.x, a.y - other.y));
    const middle = (a: DagPoint) => ({ x: (a.x + other.x) / 2, y: (a.y + other.y) / 2 });
    const [from, to] = [middle(before), middle(now)];
    picture.pan(to.x - from.x, to.y - from.y);
    picture.zoom(apart(now) / apart(before), to);
  }

  function press(event: PointerEvent): void {
    if (event.button !== 0) return;
    const point = at(event);
    down.set(event.pointerId, point);
    start = point;
    dragging = down.size > 1;
    steering = down.size === 1 && (picture.steer?.(point, false) ?? false);
    element.setPointerCapture(event.pointerId);
  }

  function move(event: PointerEvent): void {
    const point = at(event);
    const before = down.get(event.pointerId);
    if (!before) {
      acts.hover(picture.hit(point), point);
      return;
    }
    if (steering) picture.steer?.(point, true);
    else if (down.size > 1) pinch(event);
    else if (dragging || start && Math.hypot(point.x - start.x, point.y - start.y) >= DRAG) {
      if (!dragging) acts.hover(undefined, point);
      dragging = true;
      element.classList.add("is-dragging");
      picture.pan(point.x - before.x, point.y - before.y);
    } else return;
    down.set(event.pointerId, point);
  }

  function lift(event: PointerEvent): void {
    if (!down.delete(event.pointerId)) return;
    element.classList.remove("is-dragging");
    const still = !dragging && !steering;
    if (down.size === 0) dragging = steering = false;
    if (!still || event.type === "pointercancel") return;
    const point = at(event);
    const hit = picture.hit(point);
    const touch = event.pointerType === "touch";
    if (hit) acts.click(hit, event.ctrlKey || event.metaKey || event.shiftKey, touch);
    if (!hit || touch) acts.hover(hit, point);
  }

  function wheel(event: WheelEvent): void {
    event.preventDefault();
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE : 1;
    // Trackpads send a pinch as a wheel with the control key, in small steps.
    const factor = event.ctrlKey ? 6 : 1;
    const point = at(event);
    picture.zoom(Math.exp(-event.deltaY * lines * PER_PIXEL * factor), point);
    acts.hover(picture.hit(point), point);
  }

  element.addEventListener("pointerdown", press, { signal });
  element.addEventListener("pointermove", move, { signal });
  element.addEventListener("pointerup", lift, { signal });
  element.addEventListener("pointercancel", lift, { signal });
  element.addEventListener("pointerleave", (event) => {
    // A finger that is lifted has pointed: what it pointed at stays.
    if (!down.size && event.pointerType !== "touch") acts.hover(undefined, at(event));
  }, { signal });
  element.addEventListener("wheel", wheel, { passive: false, signal });
  element.addEventListener("dblclick", (event) => {
    const hit = picture.hit(at(event));
    if (hit) acts.twice?.(hit);
  }, { signal });
}
