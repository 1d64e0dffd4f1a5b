import { fitted } from "../../picture/dag/camera.ts";
import type { Size } from "../../picture/geometry.ts";
import { cellColours } from "../../picture/dag/draw/colours.ts";
import { drawScene } from "../../picture/dag/draw/draw.ts";
import type { Frame } from "../../picture/dag/draw/frame.ts";
import { type Laid, Scene, type SceneNode } from "../../picture/dag/layout/scene.ts";
import { SvgPen } from "../../picture/svg_pen.ts";
import type { Theme } from "../../looks/theme.ts";
import { cellBytes } from "../../model/dag/cells.ts";
import type { Run } from "../../model/run/run.ts";
import { cellsPng } from "./png.ts";
import { shortSvg } from "./short_svg.ts";
import { textWidth } from "./text_width.ts";

/** Cells of all groups up to this many bytes are drawn; beyond, groups show their states alone. */
const MOST_CELLS = 90_000;

/** A picture of a group's tasks: what a canvas is for the drawing in a browser. */
class Picture {
  readonly #png: Uint8Array<ArrayBuffer>;

  constructor(png: Uint8Array<ArrayBuffer>) {
    this.#png = png;
  }

  toDataURL(): string {
    return `data:image/png;base64,${this.#png.toBase64()}`;
  }
}

/** A drawn DAG. */
export interface DagDrawing {
  svg: string;
  /** Groups whose tasks are not drawn one by one, for all of them together would take too much. */
  undrawn: number;
}

/**
 * A laid out DAG as SVG, coloured by state, as large as fits into a page.
 *
 * @param page pixels
 * @param room bytes that the pictures of groups may take together
 */
export function dagDrawing(
  run: Run,
  laid: Laid,
  theme: Theme,
  page: Size,
  room = MOST_CELLS,
): DagDrawing {
  const scene = new Scene(still(laid));
  const { camera, window } = seenWhole(scene, page);
  const pen = new SvgPen({ measure: textWidth, dataUrl: (image) => image.toDataURL() });
  const { view } = laid;
  const colours = cellColours(view, "states", theme);
  let undrawn = 0;
  const frame: Frame = {
    pen,
    camera,
    window,
    theme,
    colour: "states",
    colours,
    picked: new Set(),
    hovered: undefined,
    selected: undefined,
    lit: undefined,
    path: undefined,
    byteOf: (node) => node.state,
    cells({ node }: SceneNode, columns) {
      const bytes = cellBytes(run, node.id, "states");
      if (!bytes?.length) return undefined;
      const png = cellsPng(bytes, columns, colours);
      room -= png.length;
      if (room < 0) undrawn++;
      // The drawing hands it on to the pen and asks it for nothing.
      return room < 0 ? undefined : new Picture(png) as unknown as HTMLCanvasElement;
    },
  };
  drawScene(frame, scene, { path: [], links: [], map: false }, undefined, 1);
  const file = pen.toString(window.width, window.height, theme.bg, "");
  const elements = file.slice(file.indexOf("<rect width"), file.lastIndexOf("</svg>")).trim();
  const [, drawn] = elements.match(/^<rect[^>]*>\s*([\s\S]*)$/) ?? ["", ""];
  const { width, height } = window;
  const size = `viewBox="0 0 ${width} ${height}" width="${width}" height="${height}"`;
  return { svg: `<svg ${size}>${shortSvg(drawn, "pd")}</svg>`, undrawn };
}

/** Paper has no buttons. */
function still(laid: Laid): Laid {
  const nodes = laid.view.nodes.map((node) =>
    node.kind === "group" ? { ...node, openable: false } : node
  );
  return { ...laid, view: { ...laid.view, nodes } };
}

function seenWhole(scene: Scene, page: Size): Pick<Frame, "camera" | "window"> {
  const camera = fitted(scene.bounds, page);
  const margin = 4;
  const { width, height } = scene.bounds;
  return {
    camera: { x: margin, y: margin, scale: camera.scale },
    window: {
      width: Math.ceil(width * camera.scale + 2 * margin),
      height: Math.ceil(height * camera.scale + 2 * margin),
    },
  };
}
