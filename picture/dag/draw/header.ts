import type { DagGroupNode } from "../../../model/dag/view.ts";
import { isFailed } from "../../../parsl/states.ts";
import { onScreen } from "../camera.ts";
import type { Frame } from "./frame.ts";
import { HEADER_PX } from "../layout/grid.ts";
import type { DagBox } from "../../geometry.ts";
import { elide } from "../../pen.ts";
import { buttonOf, type SceneNode } from "../layout/scene.ts";
import { dagAppName } from "../layout/shape.ts";
import { shortName, tailedName } from "../layout/short_name.ts";
import { mixed } from "../../../looks/theme.ts";
import { count, duration } from "../../../looks/format.ts";

/** Scales at which a header holds two lines and a bar, one line and a bar. */
export const FULL = 0.68;
const SHORT = 0.4;
const LARGEST = 1.6;
/** The least size of a name, and of the plate that it needs in a box seen from far, in pixels. */
export const NAME_SIZE_PX = 10;
const PLATE = { width: 30, height: 10 };
/** The height of a header that keeps to the edge of the window while its cells go on. */
const STUCK = 22;

/** What a group's second line says, the most important first. */
export function groupFigures(node: DagGroupNode): string[] {
  const figures = [count(node.count)];
  if (node.medianRun !== null && node.medianRun !== undefined) {
    figures.push(duration(node.medianRun));
  }
  if (node.joins > 0) figures.push(`${count(node.joins)} ${node.joins === 1 ? "join" : "joins"}`);
  return figures;
}

/** Draws a group's name, figures, state bar and button; `box` is where the group is on the screen. */
export function drawGroupHeader(
  frame: Frame,
  at: SceneNode,
  node: DagGroupNode,
  box: DagBox,
): void {
  const { scale } = frame.camera;
  if (scale >= FULL) drawFull(frame, at, node, box);
  else if (scale >= SHORT) drawShort(frame, at, node, box);
  else drawBar(frame, at, node, box.x + 1, box.y + 1, box.width - 2, barHeight(scale));
}

function drawFull(frame: Frame, at: SceneNode, node: DagGroupNode, box: DagBox): void {
  const { pen, theme, camera } = frame;
  const unit = Math.min(LARGEST, camera.scale);
  // At high zoom the header stays next to the cells.
  const top = box.y + HEADER_PX * (camera.scale - unit);
  const left = box.x;
  const right = Math.min(box.x + box.width, frame.window.width);
  if (top < 0 || left < 0) return drawStuck(frame, at, node, box);
  const size = 12.5 * unit;
  const pad = 8 * unit;
  const hasButton = node.openable || at.open;
  const mark = 8 * unit;
  pen.rect(left + pad, top + 12 * unit - mark / 2, mark, mark, {
    fill: node.app < 0 ? theme.unknown : theme.apps[node.app % theme.apps.length],
    radius: 2,
  });
  const room = right - left - 2 * pad - mark - 5 * unit - (hasButton ? 20 * unit : 0);
  const name = shortName(pen, tailedName(at.view, node), room, size, true);
  pen.text(name, left + pad + mark + 5 * unit, top + 12 * unit, {
    size,
    fill: theme.fg,
    bold: true,
  });
  drawFigures(frame, node, left + pad, top + 27 * unit, right - left - 2 * pad, 11 * unit);
  drawBar(frame, at, node, left + pad, top + 36 * unit, right - left - 2 * pad, 4 * unit);
  if (hasButton) drawButton(frame, at, { ...box, x: left, width: right - left }, top);
}

/** At high zoom: one line in the window that says where one is. */
function drawStuck(frame: Frame, at: SceneNode, node: DagGroupNode, box: DagBox): void {
  const { pen, theme, camera, window } = frame;
  const above = box.y + HEADER_PX * camera.scale - STUCK;
  const top = Math.min(Math.max(above, 0), box.y + box.height - STUCK);
  const [left, right] = [Math.max(box.x, 0), Math.min(box.x + box.width, window.width)];
  const [size, pad] = [11.5, 7];
  const figures = groupFigures(node).join(" · ");
  const room = right - left - 3 * pad;
  const name = shortName(pen, tailedName(at.view, node), room, size, true);
  const named = pen.measure(name, size, true);
  const rest = elide(pen, figures, room - named, size);
  const width = Math.min(right - left, named + pen.measure(rest, size) + 3 * pad);
  pen.begin(0.92);
  pen.rect(left + 1, top, width, STUCK, { fill: at.open ? theme.soft : theme.bg });
  pen.end();
  const middle = top + STUCK / 2;
  pen.text(name, left + pad, middle, { size, fill: theme.fg, bold: true });
  pen.text(rest, left + 2 * pad + named, middle, {
    size,
    fill: node.failed > 0 ? theme.failed : theme.muted,
  });
}

function drawFigures(
  { pen, theme }: Frame,
  node: DagGroupNode,
  x: number,
  y: number,
  room: number,
  size: number,
): void {
  const bad = node.failed > 0 ? `✕ ${count(node.failed)}` : "";
  const width = bad ? pen.measure(bad, size, true) : 0;
  let text = groupFigures(node).join(" · ");
  if (pen.measure(text, size) > room - width - 6) text = count(node.count);
  pen.text(elide(pen, text, room - width - 6, size), x, y, { size, fill: theme.muted });
  if (bad) pen.text(bad, x + room, y, { size, fill: theme.failed, bold: true, align: "right" });
}

function drawShort(frame: Frame, at: SceneNode, node: DagGroupNode, box: DagBox): void {
  const { pen, theme, camera: { scale } } = frame;
  const { size, middle, count: figure, pad } = shortHead(frame, node, box);
  pen.text(figure, box.x + box.width - pad, middle, {
    size,
    fill: node.failed > 0 ? theme.failed : theme.muted,
    align: "right",
  });
  drawBar(frame, at, node, box.x + pad, box.y + HEADER_PX * scale - 5, box.width - 2 * pad, 3);
}

/** The one line of a small header, in pixels of the screen. */
function shortHead({ camera: { scale } }: Frame, node: DagGroupNode, box: DagBox) {
  const height = HEADER_PX * scale;
  return {
    size: Math.max(NAME_SIZE_PX, Math.min(12, height * 0.5)),
    middle: box.y + height * 0.42,
    count: count(node.count),
    pad: 5,
  };
}

/** A place for a group's name in its own box, and how large it is written there. */
export interface Nameplate {
  box: DagBox;
  size: number;
  /** Whether it covers what else is drawn there. */
  covers: boolean;
}

/** Where the name of a group goes that is too small for a full header; `box` as in a header. */
export function nameplate(
  frame: Frame,
  at: SceneNode,
  node: DagGroupNode,
  box: DagBox,
): Nameplate | undefined {
  const { camera: { scale }, pen } = frame;
  if (scale >= SHORT) {
    const head = shortHead(frame, node, box);
    const width = box.width - 2 * head.pad - pen.measure(head.count, head.size) - 6;
    const fitting = width / pen.measure(dagAppName(at.view, node), 1);
    const size = Math.max(NAME_SIZE_PX, Math.min(head.size, fitting));
    return {
      box: { x: box.x + head.pad, y: head.middle - size / 2, width, height: size },
      size,
      covers: false,
    };
  }
  const top = barHeight(scale) + 2;
  const height = Math.min(NAME_SIZE_PX + 3, box.height - top - 1);
  if (box.width < PLATE.width || height < PLATE.height) return undefined;
  return {
    box: { x: box.x + 4, y: box.y + top, width: box.width - 6, height },
    size: NAME_SIZE_PX,
    covers: true,
  };
}

function barHeight(scale: number): number {
  return Math.max(2, HEADER_PX * scale / 3);
}

/** Draws a group's tasks by state, side by side. */
function drawBar(
  { pen, theme }: Frame,
  at: SceneNode,
  node: DagGroupNode,
  x: number,
  y: number,
  width: number,
  height: number,
): void {
  let before = 0;
  for (const [state, tasks] of node.states) {
    const part = width * tasks / Math.max(1, node.count);
    const name = at.view.states[state];
    // What failed is seen however little it is.
    const shown = Math.max(part, isFailed(name) ? 2 : 0);
    pen.rect(Math.min(x + before, x + width - shown), y, shown, height, {
      fill: theme.state(name),
    });
    before += part;
  }
}

function drawButton(
  frame: Frame,
  { open, box }: SceneNode,
  shown: DagBox,
  top: number,
): void {
  const { pen, theme, camera } = frame;
  const place = onScreen(camera, buttonOf(box));
  if (camera.scale > LARGEST) {
    const side = 18 * LARGEST;
    place.x = shown.x + shown.width - side - 8;
    place.y = top + 3;
    place.width = place.height = side;
  }
  const middle = { x: place.x + place.width / 2, y: place.y + place.height / 2 };
  const arm = place.width * 0.26;
  const line = { stroke: theme.muted, width: Math.max(1, place.width / 13) };
  pen.rect(place.x + 2, place.y + 2, place.width - 4, place.height - 4, {
    fill: mixed(theme.bg, theme.soft, 0.8),
    stroke: theme.line,
    radius: 3,
  });
  pen.line([{ x: middle.x - arm, y: middle.y }, { x: middle.x + arm, y: middle.y }], line);
  if (!open) {
    pen.line([{ x: middle.x, y: middle.y - arm }, { x: middle.x, y: middle.y + arm }], line);
  }
}
