import type { DagPoint } from "./geometry.ts";

/** How a rectangle looks; colours are CSS colours without variables. */
export interface RectStyle {
  fill?: string;
  stroke?: string;
  width?: number;
  radius?: number;
  dash?: number[];
}

export interface LineStyle {
  stroke: string;
  width: number;
  /** Corners are rounded by curving through the middle of each piece. */
  curved?: boolean;
  dash?: number[];
}

export interface TextStyle {
  size: number;
  fill: string;
  bold?: boolean;
  align?: "left" | "center" | "right";
  /** The colour of an outline that keeps the text apart from what is under it. */
  halo?: string;
}

/** What the graph is drawn with, on the screen or into a file. Units are CSS pixels. */
export interface Pen {
  rect(x: number, y: number, width: number, height: number, style: RectStyle): void;
  line(points: readonly DagPoint[], style: LineStyle): void;
  polygon(points: readonly DagPoint[], fill: string): void;
  /** Writes text whose middle is at height `y`. */
  text(text: string, x: number, y: number, style: TextStyle): void;
  measure(text: string, size: number, bold?: boolean): number;
  /** Draws `image` into a rectangle, its pixels as sharp squares when it is enlarged. */
  image(image: HTMLCanvasElement, x: number, y: number, width: number, height: number): void;
  /** Draws only inside a rectangle, and at this opacity, until `end`. */
  begin(opacity: number, clip?: { x: number; y: number; width: number; height: number }): void;
  end(): void;
}

export const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif';
const MOST_WIDTHS = 5000;
/** Text is measured at this size once: what it is at others follows. */
const MEASURED = 100;

/** A pen for a 2D canvas whose transform is set for CSS pixels. */
export class CanvasPen implements Pen {
  readonly #context: CanvasRenderingContext2D;
  readonly #widths = new Map<string, number>();

  constructor(context: CanvasRenderingContext2D) {
    this.#context = context;
  }

  rect(x: number, y: number, width: number, height: number, style: RectStyle): void {
    const c = this.#context;
    if (style.fill && !style.stroke && !style.radius) {
      c.fillStyle = style.fill;
      c.fillRect(x, y, width, height);
      return;
    }
    c.beginPath();
    const radius = Math.min(style.radius ?? 0, width / 2, height / 2);
    if (radius > 0.5) c.roundRect(x, y, width, height, radius);
    else c.rect(x, y, width, height);
    if (style.fill) {
      c.fillStyle = style.fill;
      c.fill();
    }
    if (style.stroke) this.#stroke(style.stroke, style.width ?? 1, style.dash);
  }

  line(points: readonly DagPoint[], { stroke, width, curved, dash }: LineStyle): void {
    if (points.length < 2) return;
    const c = this.#context;
    c.beginPath();
    c.moveTo(points[0].x, points[0].y);
    for (let i = 1; i < points.length; i++) {
      if (!curved || i === points.length - 1) c.lineTo(points[i].x, points[i].y);
      else {
        const end = bend(points, i);
        c.quadraticCurveTo(points[i].x, points[i].y, end.x, end.y);
      }
    }
    this.#stroke(stroke, width, dash);
  }

  #stroke(stroke: string, width: number, dash: number[] = []): void {
    const c = this.#context;
    c.strokeStyle = stroke;
    c.lineWidth = width;
    c.lineJoin = "round";
    c.setLineDash(dash);
    c.stroke();
  }

  polygon(points: readonly DagPoint[], fill: string): void {
    const c = this.#context;
    c.beginPath();
    points.forEach(({ x, y }, at) => at ? c.lineTo(x, y) : c.moveTo(x, y));
    c.closePath();
    c.fillStyle = fill;
    c.fill();
  }

  text(text: string, x: number, y: number, style: TextStyle): void {
    const c = this.#context;
    c.font = font(style.size, style.bold);
    c.textAlign = style.align ?? "left";
    c.textBaseline = "middle";
    if (style.halo) {
      c.strokeStyle = style.halo;
      c.lineWidth = 3;
      c.lineJoin = "round";
      c.setLineDash([]);
      c.strokeText(text, x, y);
    }
    c.fillStyle = style.fill;
    c.fillText(text, x, y);
  }

  measure(text: string, size: number, bold = false): number {
    const key = (bold ? "b" : "n") + text;
    let width = this.#widths.get(key);
    if (width === undefined) {
      this.#context.font = font(MEASURED, bold);
      width = this.#context.measureText(text).width / MEASURED;
      if (this.#widths.size > MOST_WIDTHS) this.#widths.clear();
      this.#widths.set(key, width);
    }
    return width * size;
  }

  image(image: HTMLCanvasElement, x: number, y: number, width: number, height: number): void {
    this.#context.imageSmoothingEnabled = width < image.width;
    this.#context.drawImage(image, x, y, width, height);
  }

  begin(
    opacity: number,
    clip?: { x: number; y: number; width: number; height: number },
  ): void {
    const c = this.#context;
    c.save();
    c.globalAlpha *= opacity;
    if (!clip) return;
    c.beginPath();
    c.rect(clip.x, clip.y, clip.width, clip.height);
    c.clip();
  }

  end(): void {
    this.#context.restore();
  }
}

/** What makes a browser look for fonts: letters, and marks that may be in another font. */
const WARMING = ["Aa09", "✕", "·…", "−:"];

/**
 * Has the browser find the fonts while the layout is made, one text at a time: together with the
 * first drawing that would block the page for too long.
 */
export function warmUp(context: CanvasRenderingContext2D): void {
  const left = [false, true].flatMap((bold) => WARMING.map((text) => ({ text, bold })));
  const next = () => {
    const one = left.shift();
    if (!one) return;
    context.font = font(MEASURED, one.bold);
    context.measureText(one.text);
    setTimeout(next);
  };
  setTimeout(next);
}

function font(size: number, bold = false): string {
  return `${bold ? "600 " : ""}${size}px ${FONT}`;
}

/** Where the curve around the corner `i` of a line ends. */
export function bend(points: readonly DagPoint[], i: number): DagPoint {
  const [at, next] = [points[i], points[i + 1]];
  if (i === points.length - 2) return next;
  return { x: (at.x + next.x) / 2, y: (at.y + next.y) / 2 };
}

/** From this many letters on, a shortened name shows its end too: names often differ there. */
const BOTH_ENDS = 14;

/** As much of a name as has room: its beginning, and if that is long its end. */
export function elideName(
  pen: Pick<Pen, "measure">,
  name: string,
  room: number,
  size: number,
  bold = false,
): string {
  const cut = elide(pen, name, room, size, bold);
  if (cut === name || cut.length < BOTH_ENDS) return cut;
  const end = name.slice(-Math.floor(cut.length / 3));
  return elide(pen, name, room - pen.measure(end, size, bold), size, bold) + end;
}

/** As much of a text as has room, ended by … when some is missing; "" when nothing has. */
export function elide(
  pen: Pick<Pen, "measure">,
  text: string,
  room: number,
  size: number,
  bold = false,
): string {
  if (pen.measure(text, size, bold) <= room) return text;
  let low = 0;
  let high = text.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (pen.measure(`${text.slice(0, middle)}…`, size, bold) <= room) low = middle;
    else high = middle - 1;
  }
  return low > 0 ? `${text.slice(0, low)}…` : "";
}
