import type { Bar } from "../../model/timeline/bars.ts";
import type { TimelineView } from "../../model/timeline/view.ts";
import type { Size } from "../geometry.ts";
import type { DagPoint } from "../geometry.ts";
import { readTheme, type Theme } from "../../looks/theme.ts";
import type { Pointable } from "../pointer.ts";
import type { BarStore } from "./bars.ts";
import { drawTimeline } from "./draw.ts";
import {
  type LanePart,
  RULER_PX,
  spanOf,
  timeAt,
  type TimelineColour,
  type TimelineFrame,
} from "./frame.ts";
import { TimelineRows } from "./rows.ts";
import { checkedSpan, isSameSpan, movedSpan, type Span, zoomedSpan } from "./span.ts";

/** What is at a point of the timeline: a bar, and the instants that the point cannot tell apart. */
export interface TimelineHit {
  bar: LanePart;
  from: number;
  to: number;
}

/** How near a pointer must come to a bar, in pixels. */
const NEAR_PX = 1.5;
/** The most screen pixels that are drawn for one of CSS. */
const SHARPEST = 2;

/** The elements that a timeline is drawn in: a box that scrolls, what gives it its height, a canvas. */
export interface TimelineBoxes {
  scroller: HTMLElement;
  inner: HTMLElement;
  canvas: HTMLCanvasElement;
}

/** A timeline on a canvas: what part of it is seen, and how it looks. */
export class TimelineStage implements Pointable<TimelineHit> {
  colour: TimelineColour = "apps";
  picked: ReadonlySet<number> = new Set();
  pointed: LanePart | undefined;
  span: Span;
  readonly #boxes: TimelineBoxes;
  readonly #bars: BarStore;
  readonly #moved: () => void;
  #view: TimelineView;
  #rows: TimelineRows;
  #size: Size = { width: 0, height: 0 };
  #theme: Theme;
  #frame = 0;

  /** @param moved called when another part is seen */
  constructor(boxes: TimelineBoxes, view: TimelineView, bars: BarStore, moved: () => void) {
    this.#boxes = boxes;
    this.#bars = bars;
    this.#moved = moved;
    this.#view = view;
    this.#rows = new TimelineRows(view.hosts, TimelineRows.laneIn(view.hosts, 0));
    this.#theme = readTheme(boxes.canvas);
    this.span = this.whole;
  }

  /** From the run's beginning to its newest time. */
  get whole(): Span {
    return { from: this.#view.from, to: Math.max(this.#view.to, this.#view.from + 1) };
  }

  /** Whether all of the run is seen. */
  get isWhole(): boolean {
    return isSameSpan(this.span, this.whole);
  }

  get size(): Size {
    return this.#size;
  }

  /** Shows the run as it is now; who sees all of it goes on seeing all. */
  show(view: TimelineView): void {
    const follows = this.isWhole;
    this.#view = view;
    this.span = follows ? this.whole : checkedSpan(this.span, this.whole);
    this.resize();
  }

  /** Takes the room that there is. */
  resize(): void {
    const { scroller, inner, canvas } = this.#boxes;
    const height = scroller.clientHeight;
    canvas.style.height = `${height}px`;
    this.#layRows(height);
    const size = { width: inner.clientWidth, height };
    const sharp = Math.min(SHARPEST, devicePixelRatio);
    this.#size = size;
    canvas.width = Math.round(size.width * sharp);
    canvas.height = Math.round(size.height * sharp);
    this.redraw();
  }

  /** Reads the page's colours again. */
  restyle(): void {
    this.#theme = readTheme(this.#boxes.canvas);
    this.redraw();
  }

  pan(dx: number, dy: number): void {
    const { from, to } = this.span;
    const by = -dx / Math.max(1, this.#size.width) * (to - from);
    this.#see(movedSpan(this.span, by, this.whole));
    this.#boxes.scroller.scrollTop -= dy;
  }

  zoom(factor: number, at: DagPoint = this.#middle): void {
    this.#see(zoomedSpan(this.span, factor, this.timeAt(at.x), this.whole), at.y);
  }

  /** Shows all of the run. */
  fit(): void {
    this.#see(this.whole);
  }

  /** Shows a part of a lane, with as much time before and after it. */
  reveal({ lane, from, to }: LanePart): void {
    const around = Math.max(to - from, 1);
    this.#see(checkedSpan({ from: from - around, to: to + around }, this.whole));
    const middle = this.#rows.laneTop(lane) + this.#rows.lane / 2;
    this.#boxes.scroller.scrollTop = middle - (this.#size.height - RULER_PX) / 2;
    this.pointed = { lane, from, to };
    this.redraw();
  }

  /** Shows a span of the run. */
  see(span: Span): void {
    this.#see(checkedSpan(span, this.whole));
  }

  timeAt(x: number): number {
    return timeAt({ span: this.span, size: this.#size }, x);
  }

  hit({ x, y }: DagPoint): TimelineHit | undefined {
    const { current } = this.#bars;
    const lane = y < RULER_PX ? undefined : this.#rows.laneAt(y - RULER_PX + this.#top);
    if (!current || lane === undefined) return undefined;
    const [from, to] = [this.timeAt(x - NEAR_PX), this.timeAt(x + NEAR_PX)];
    const within = (bar: Bar) => {
      const span = spanOf(current, bar);
      return span.from <= to && span.to >= from;
    };
    const own = lane - current.window.first;
    const bar = current.bars.find((bar) => bar.lane === own && within(bar));
    return bar && { bar: { lane, ...spanOf(current, bar) }, from, to };
  }

  /** Draws before the next frame, and asks for the bars that are seen. */
  redraw(): void {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#draw();
    });
  }

  end(): void {
    cancelAnimationFrame(this.#frame);
    this.#bars.end();
  }

  get #top(): number {
    return this.#boxes.scroller.scrollTop;
  }

  get #middle(): DagPoint {
    return { x: this.#size.width / 2, y: this.#size.height / 2 };
  }

  /** @param y what is at this height of the screen stays there */
  #see(span: Span, y = this.#middle.y): void {
    if (!isSameSpan(span, this.span)) {
      const place = this.#rows.placeAt(y - RULER_PX + this.#top);
      this.span = span;
      if (this.#layRows(this.#size.height)) {
        this.#boxes.scroller.scrollTop = this.#rows.yOf(place) - (y - RULER_PX);
      }
      this.#moved();
    }
    this.redraw();
  }

  /** Puts the hosts' lanes below each other; whether their height is another one than before. */
  #layRows(height: number): boolean {
    const { hosts } = this.#view;
    const zoom = (this.whole.to - this.whole.from) / (this.span.to - this.span.from);
    const before = this.#rows.lane;
    this.#rows = new TimelineRows(hosts, TimelineRows.laneIn(hosts, height - RULER_PX, zoom));
    this.#boxes.inner.style.height = `${RULER_PX + this.#rows.height}px`;
    return this.#rows.lane !== before;
  }

  #draw(): void {
    const { width, height } = this.#size;
    if (width === 0) return;
    const context = this.#boxes.canvas.getContext("2d")!;
    const sharp = this.#boxes.canvas.width / width;
    const [first, end] = this.#rows.lanesIn(this.#top, this.#top + height - RULER_PX);
    if (end > first) {
      this.#bars.want({
        ...this.span,
        first,
        lanes: end - first,
        columns: this.#boxes.canvas.width,
      }, this.#view.version);
    }
    const frame: TimelineFrame = {
      view: this.#view,
      rows: this.#rows,
      span: this.span,
      top: this.#top,
      size: this.#size,
      bars: this.#bars.current,
      colour: this.colour,
      picked: this.picked,
      pointed: this.pointed,
      theme: this.#theme,
    };
    context.setTransform(sharp, 0, 0, sharp, 0, 0);
    drawTimeline(context, frame);
  }
}
