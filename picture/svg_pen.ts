import type { DagPoint } from "./geometry.ts";
import { bend, FONT, type LineStyle, type Pen, type RectStyle, type TextStyle } from "./pen.ts";

interface Clip {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** What an SVG file cannot know by itself. */
export interface SvgMeans {
  measure(text: string, size: number, bold?: boolean): number;
  /** An image as a `data:` URL. */
  dataUrl(image: HTMLCanvasElement): string;
}

/** A pen that writes an SVG file. */
export class SvgPen implements Pen {
  readonly #parts: string[] = [];
  readonly #means: SvgMeans;
  #clips = 0;
  #depth = 0;

  constructor(means: SvgMeans) {
    this.#means = means;
  }

  /** The file, of this size in pixels. */
  toString(width: number, height: number, background: string, title: string): string {
    return `<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" width="${round(width)}" height="${
      round(height)
    }" viewBox="0 0 ${round(width)} ${round(height)}" font-family="${escaped(FONT)}">
<title>${escaped(title)}</title>
<rect width="100%" height="100%" fill="${escaped(background)}"/>
${this.#parts.join("\n")}${"</g>".repeat(this.#depth)}
</svg>
`;
  }

  rect(x: number, y: number, width: number, height: number, style: RectStyle): void {
    const radius = style.radius ? ` rx="${round(style.radius)}"` : "";
    this.#parts.push(
      `<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${
        round(height)
      }"${radius} fill="${escaped(style.fill ?? "none")}"${
        style.stroke ? stroke(style.stroke, style.width ?? 1, style.dash) : ""
      }/>`,
    );
  }

  line(points: readonly DagPoint[], style: LineStyle): void {
    if (points.length < 2) return;
    this.#parts.push(
      `<path d="${linePath(points, style.curved)}" fill="none"${
        stroke(style.stroke, style.width, style.dash)
      }/>`,
    );
  }

  polygon(points: readonly DagPoint[], fill: string): void {
    const corners = points.map(({ x, y }) => `${round(x)},${round(y)}`).join(" ");
    this.#parts.push(`<polygon points="${corners}" fill="${escaped(fill)}"/>`);
  }

  text(text: string, x: number, y: number, style: TextStyle): void {
    const anchor = { left: "", center: ' text-anchor="middle"', right: ' text-anchor="end"' };
    const halo = style.halo
      ? ` stroke="${
        escaped(style.halo)
      }" stroke-width="3" stroke-linejoin="round" paint-order="stroke"`
      : "";
    this.#parts.push(
      `<text x="${round(x)}" y="${round(y + style.size * 0.35)}" font-size="${round(style.size)}"${
        style.bold ? ' font-weight="600"' : ""
      }${anchor[style.align ?? "left"]}${halo} fill="${escaped(style.fill)}">${
        escaped(text)
      }</text>`,
    );
  }

  measure(text: string, size: number, bold = false): number {
    return this.#means.measure(text, size, bold);
  }

  image(image: HTMLCanvasElement, x: number, y: number, width: number, height: number): void {
    this.#parts.push(
      `<image x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${
        round(height)
      }" preserveAspectRatio="none" image-rendering="pixelated" href="${
        escaped(this.#means.dataUrl(image))
      }"/>`,
    );
  }

  begin(opacity: number, clip?: Clip): void {
    let cut = "";
    if (clip) {
      const id = `clip${this.#clips++}`;
      this.#parts.push(
        `<clipPath id="${id}"><rect x="${round(clip.x)}" y="${round(clip.y)}" width="${
          round(clip.width)
        }" height="${round(clip.height)}"/></clipPath>`,
      );
      cut = ` clip-path="url(#${id})"`;
    }
    this.#parts.push(`<g${opacity < 1 ? ` opacity="${round(opacity)}"` : ""}${cut}>`);
    this.#depth++;
  }

  end(): void {
    if (this.#depth === 0) return;
    this.#parts.push("</g>");
    this.#depth--;
  }
}

function stroke(colour: string, width: number, dash: number[] = []): string {
  const dashes = dash.length ? ` stroke-dasharray="${dash.map(round).join(" ")}"` : "";
  return ` stroke="${escaped(colour)}" stroke-width="${round(width)}"${dashes}`;
}

function linePath(points: readonly DagPoint[], curved = false): string {
  let path = `M${pair(points[0])}`;
  for (let i = 1; i < points.length; i++) {
    path += !curved || i === points.length - 1
      ? `L${pair(points[i])}`
      : `Q${pair(points[i])} ${pair(bend(points, i))}`;
  }
  return path;
}

function pair({ x, y }: DagPoint): string {
  return `${round(x)} ${round(y)}`;
}

function round(n: number): string {
  return String(Math.round(n * 100) / 100);
}

const NAMED: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** Text as XML, without the control characters that no XML file may hold. */
function escaped(text: string): string {
  // deno-lint-ignore no-control-regex
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "\ufffd")
    .replace(/[&<>"]/g, (character) => NAMED[character]);
}
