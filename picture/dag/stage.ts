import type { DagColour, DagTaskNode } from "../../model/dag/view.ts";
import { type Camera, fitted, inDrawing, onScreen, panned, revealed, zoomed } from "./camera.ts";
import type { Size } from "../geometry.ts";
import type { CellStore } from "./cell_store.ts";
import { drawScene } from "./draw/draw.ts";
import { type Link, type LinkPlace, placeBox } from "./draw/links.ts";
import { type Frame, type Lit, pairOf } from "./draw/frame.ts";
import type { DagBox, DagPoint } from "../geometry.ts";
import { throughMinimap } from "./draw/minimap.ts";
import { Move, MOVE_MS, ZOOM_MS } from "./draw/move.ts";
import { Palette } from "./draw/palette.ts";
import { CanvasPen, type Pen, warmUp } from "../pen.ts";
import { gridIn, type Hit, type Scene } from "./layout/scene.ts";
import { middleOf } from "../geometry.ts";
import type { Pointable } from "../pointer.ts";
import { readTheme, type Theme } from "../../looks/theme.ts";

/** How large a cell can be zoomed, in pixels. */
const LARGEST_CELL_PX = 44;
/** A graph of few boxes may be shown larger than life. */
const LARGEST_FIT = 1.4;

/** The canvas: what is drawn on it, from where it is seen, and when it is drawn anew. */
export class DagStage implements Pointable<Hit> {
  scene: Scene | undefined;
  camera: Camera = { x: 0, y: 0, scale: 1 };
  window: Size = { width: 0, height: 0 };
  /** Whether a person moved the camera since it was last fitted. */
  moved = false;
  hovered: { id: string; index: number } | undefined;
  selected: string | undefined;
  lit: Lit | undefined;
  links: readonly Link[] = [];
  /** The byte of a task that is a node, by what it is coloured. */
  byteOf: (node: DagTaskNode) => number = () => 0;

  readonly #canvas: HTMLCanvasElement;
  readonly #pen: CanvasPen;
  readonly #context: CanvasRenderingContext2D;
  readonly #cells: CellStore;
  #theme: Theme;
  #colour: DagColour = "apps";
  #picked: ReadonlySet<number> = new Set();
  readonly #palette = new Palette();
  #move: Move | undefined;
  #path: readonly Link[] = [];
  #pairs: ReadonlySet<string> | undefined;
  #asked = 0;

  constructor(canvas: HTMLCanvasElement, cells: CellStore) {
    this.#canvas = canvas;
    this.#context = canvas.getContext("2d", { alpha: false })!;
    this.#pen = new CanvasPen(this.#context);
    this.#cells = cells;
    this.#theme = readTheme(canvas);
    warmUp(this.#context);
  }

  /** Takes the colours of the page as they are now. */
  restyle(): void {
    this.#theme = readTheme(this.#canvas);
    this.#recolour();
  }

  /** Colours tasks by something; only those whose byte is in `picked`, if any is, stand out. */
  paint(colour: DagColour, picked: ReadonlySet<number>): void {
    this.#colour = colour;
    this.#picked = picked;
    this.#recolour();
  }

  #recolour(): void {
    if (!this.scene) return;
    this.#palette.update(this.scene.root.view, this.#colour, this.#picked, this.#theme);
    this.redraw();
  }

  /** Fits the canvas to its place on the page, pixel for pixel; without a place it stays. */
  resize(window: Size): void {
    if (window.width === 0 || window.height === 0) return;
    const ratio = devicePixelRatio || 1;
    this.window = window;
    this.#canvas.width = Math.round(window.width * ratio);
    this.#canvas.height = Math.round(window.height * ratio);
    if (this.scene && !this.moved) this.fit(false);
    this.draw();
  }

  /** Shows another scene; `around`, a node of both, keeps its place on the screen. */
  show(scene: Scene, around?: string): void {
    const before = this.scene;
    this.scene = scene;
    this.#recolour();
    const [old, now] = [before?.byId.get(around ?? ""), scene.byId.get(around ?? "")];
    if (!before || !old || !now) {
      if (!this.moved) this.fit(before !== undefined, before);
      return;
    }
    const [a, b] = [middleOf(old.box), middleOf(now.box)];
    const { scale } = this.camera;
    const kept = panned(this.camera, (a.x - b.x) * scale, (a.y - b.y) * scale);
    const box = onScreen(kept, now.box);
    const fits = box.width < this.window.width && box.height < this.window.height;
    this.moved = true;
    this.#go(fits ? revealed(kept, now.box, this.window) : fitted(now.box, this.window), before);
  }

  /** The same boxes with newer figures. */
  refresh(scene: Scene): void {
    this.scene = scene;
    this.#recolour();
  }

  /** Shows the whole graph. */
  fit(animated = true, before?: Scene): void {
    if (!this.scene) return;
    this.moved = false;
    const camera = fitted(this.scene.bounds, this.window, LARGEST_FIT);
    if (animated) this.#go(camera, before);
    else {
      this.camera = camera;
      this.redraw();
    }
  }

  pan(dx: number, dy: number): void {
    this.#see(panned(this.camera, dx, dy));
  }

  /** Zooms about a point of the window, its middle unless told. */
  zoom(factor: number, at?: DagPoint): void {
    const { width, height } = this.window;
    const point = at ?? { x: width / 2, y: height / 2 };
    this.#see(zoomed(this.camera, factor, point, this.#mostScale()));
  }

  /** Zooms as {@link zoom} does, but gently. */
  ease(factor: number): void {
    const { width, height } = this.window;
    const from = this.#move?.to ?? this.camera;
    this.moved = true;
    this.#go(
      zoomed(from, factor, { x: width / 2, y: height / 2 }, this.#mostScale()),
      undefined,
      ZOOM_MS,
    );
  }

  /** The steps of the critical path; undefined when it is not shown. */
  set path(steps: readonly Link[] | undefined) {
    this.#path = steps ?? [];
    this.#pairs = steps && new Set(steps.map(({ from, to }) => pairOf(from.group, to.group)));
    this.redraw();
  }

  #mostScale(): number {
    let least = 11;
    for (const at of this.scene?.nodes() ?? []) {
      least = Math.min(least, gridIn(at)?.cell ?? least);
    }
    return Math.max(4, LARGEST_CELL_PX / least);
  }

  #see(camera: Camera): void {
    this.#move = undefined;
    this.moved = true;
    this.camera = camera;
    this.redraw();
  }

  /** Pans by the map when a point is on it, or when it is `held` there. */
  steer(point: DagPoint, held: boolean): boolean {
    const camera = this.scene && throughMinimap(this.scene, this.camera, this.window, point, held);
    if (camera) this.#see(camera);
    return camera !== undefined;
  }

  /** Marks a task or a box as if it was pointed at. */
  mark(place: LinkPlace | undefined): void {
    this.hovered = place?.group ? { id: place.group, index: place.index } : undefined;
    this.redraw();
  }

  /** Brings a task or a box into view, near enough to be seen. */
  reveal(place: LinkPlace): void {
    const box = this.scene && placeBox(this.scene, place);
    if (!box) return;
    const scale = Math.min(this.#mostScale(), Math.max(this.camera.scale, 12 / box.width));
    if (scale <= this.camera.scale) return this.bringIn(box);
    const middle = middleOf(box);
    this.moved = true;
    this.#go({
      x: this.window.width / 2 - middle.x * scale,
      y: this.window.height / 2 - middle.y * scale,
      scale,
    });
  }

  /** Pans as little as brings a box of the drawing into view. */
  bringIn(box: DagBox): void {
    const camera = revealed(this.camera, box, this.window);
    if (camera.x === this.camera.x && camera.y === this.camera.y) return;
    this.moved = true;
    this.#go(camera);
  }

  #go(camera: Camera, before?: Scene, lasts = MOVE_MS): void {
    this.#move = undefined;
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) this.camera = camera;
    else this.#move = new Move(this.camera, camera, lasts, before);
    this.redraw();
  }

  /** What is at a point of the window. */
  hit(point: DagPoint): Hit | undefined {
    return this.scene?.hit(inDrawing(this.camera, point));
  }

  /** How large the cells of a node are on the screen, in pixels. */
  cellSize(hit: Hit): number {
    return (gridIn(hit.at)?.cell ?? 0) * this.camera.scale;
  }

  /** Draws before the next frame. */
  redraw(): void {
    this.#asked ||= requestAnimationFrame(() => {
      this.#asked = 0;
      this.draw();
    });
  }

  draw(): void {
    if (!this.scene || this.window.width === 0) return;
    const ratio = this.#canvas.width / this.window.width;
    this.#context.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.#context.fillStyle = this.#theme.bg;
    this.#context.fillRect(0, 0, this.window.width, this.window.height);
    this.drawWith(this.#pen, this.#advance());
    if (this.#move) this.redraw();
  }

  /** The colour of the page. */
  get background(): string {
    return this.#theme.bg;
  }

  /** How far the movement of the boxes is, from 0 to 1; the camera moves with it. */
  #advance(): number {
    if (!this.#move) return 1;
    const { camera, share, over } = this.#move.now();
    this.camera = camera;
    if (over) this.#move = undefined;
    return share;
  }

  /** Draws what is seen with any pen. */
  drawWith(pen: Pen, share = 1, map = true): void {
    const { scene, links } = this;
    if (!scene) return;
    drawScene(this.#frame(pen), scene, { path: this.#path, links, map }, this.#move, share);
  }

  #frame(pen: Pen): Frame {
    const { camera, window, hovered, selected, lit, byteOf } = this;
    return {
      pen,
      camera,
      window,
      theme: this.#theme,
      colour: this.#colour,
      colours: this.#palette.colours,
      picked: this.#picked,
      hovered,
      selected,
      lit,
      path: this.#pairs,
      byteOf,
      cells: ({ node }, columns, runs) =>
        node.kind === "group"
          ? this.#cells.image(node, this.#colour, columns, this.#palette.table, runs)
          : undefined,
    };
  }

  end(): void {
    cancelAnimationFrame(this.#asked);
  }
}
