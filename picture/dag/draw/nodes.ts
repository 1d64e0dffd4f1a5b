import { appByte } from "../../../model/dag/buckets.ts";
import { type DagGroupNode, type DagTaskNode, ofNode } from "../../../model/dag/view.ts";
import { onScreen } from "../camera.ts";
import { overlap } from "../../geometry.ts";
import { ALL, type Frame } from "./frame.ts";
import { drawGroupHeader } from "./header.ts";
import { cellBox, type Grid } from "../layout/grid.ts";
import type { DagBox } from "../../geometry.ts";
import { inRuns } from "../../../model/dag/places.ts";
import { gridIn, type SceneLayer, type SceneNode } from "../layout/scene.ts";
import { failures, nodeStates, nodeTasks } from "../layout/shape.ts";
import { shortName, tailedName } from "../layout/short_name.ts";
import { mixed } from "../../../looks/theme.ts";

/** Boxes under this size, in pixels of the screen, are one bar. */
const TINY = { width: 34, height: 18 };
/** Cells from this size on stand apart, in pixels; from the second on as far as can be seen. */
const APART_PX = 2.2;
const CLEAR_PX = 5;
/** How faint the gaps between the smallest cells are. */
const FAINTEST = 0.4;
/** The sizes of a task's name, in pixels, and how much of its box it may take. */
const TEXT = { least: 8.5, most: 26, share: 0.76 };
export const DIMMED = 0.22;
/** From this share on, failures show in a group's border. */
const MANY_FAILURES = 0.05;

/** Draws the boxes of a layer that are in the window. */
export function drawNodes(frame: Frame, layer: SceneLayer): void {
  const window = { x: -4, y: -4, width: frame.window.width + 8, height: frame.window.height + 8 };
  for (const at of layer.nodes) {
    const box = onScreen(frame.camera, at.box);
    if (!overlap(box, window)) continue;
    const dim = isDim(frame, at);
    if (dim) frame.pen.begin(DIMMED);
    ofNode(at.node, {
      task: (node) => drawTask(frame, at, node, box),
      group: (node) => (at.open ? drawFrame : drawGroup)(frame, at, node, box),
    });
    if (dim) frame.pen.end();
  }
}

/** Whether a node does not stand out while others do. */
export function isDim(frame: Frame, { node, open }: SceneNode): boolean {
  if (open) return false;
  if (frame.lit && !frame.lit.has(node.id)) return true;
  if (frame.picked.size === 0) return false;
  if (node.kind === "task") return !frame.picked.has(frame.byteOf(node));
  if (frame.colour === "states") return !nodeStates(node).some(([s]) => frame.picked.has(s));
  return frame.colour === "apps" && node.app >= 0 && !frame.picked.has(node.app);
}

function borderOf(frame: Frame, at: SceneNode): { stroke: string; width: number } {
  const { theme, hovered, selected } = frame;
  const { id } = at.node;
  if (selected === id || hovered?.id === id && hovered.index < 0) {
    return { stroke: theme.accent, width: 2 };
  }
  const total = nodeTasks(at.node);
  if (failures(at.view, at.node) >= Math.max(1, MANY_FAILURES * total)) {
    return { stroke: theme.failed, width: 1.5 };
  }
  return { stroke: mixed(theme.line, theme.muted, 0.35), width: 1 };
}

function drawTask(frame: Frame, at: SceneNode, node: DagTaskNode, box: DagBox): void {
  const { pen, theme, camera } = frame;
  const fill = frame.colours[frame.byteOf(node)] ?? theme.unknown;
  const border = borderOf(frame, at);
  const size = taskTextSize(camera.scale);
  const radius = Math.min(5, 4 * camera.scale);
  if (!hasTaskName(camera.scale, box)) {
    pen.rect(box.x, box.y, box.width, box.height, {
      fill,
      radius,
      ...border.width > 1 ? border : {},
    });
    if (node.join) drawInner(frame, box, theme.bg);
    return;
  }
  const strip = Math.max(4, Math.min(14, 8 * camera.scale));
  pen.rect(box.x, box.y, box.width, box.height, { fill: theme.bg, radius, ...border });
  pen.rect(box.x + 1.5, box.y + 1.5, strip, box.height - 3, { fill, radius: radius * 0.6 });
  if (node.join) drawInner(frame, box, border.stroke);
  const left = box.x + strip + 0.5 * size;
  const number = `:${node.taskId}`;
  const room = box.x + box.width - left - 0.4 * size;
  const after = pen.measure(number, size);
  const name = shortName(pen, tailedName(at.view, node), Math.max(0, room - after), size);
  const middle = box.y + box.height / 2;
  pen.text(name, left, middle, { size, fill: theme.fg });
  pen.text(number, left + pen.measure(name, size), middle, { size, fill: theme.muted });
}

/** Whether the box of a task has the height for its name. */
export function hasTaskName(scale: number, box: DagBox): boolean {
  return taskTextSize(scale) <= TEXT.share * box.height;
}

function taskTextSize(scale: number): number {
  return Math.min(TEXT.most, Math.max(TEXT.least, 12 * scale));
}

/** The second border of a join, inside the first. */
function drawInner({ pen }: Frame, { x, y, width, height }: DagBox, stroke: string): void {
  const gap = Math.min(3, height / 6);
  if (gap < 1) return;
  pen.rect(x + gap, y + gap, width - 2 * gap, height - 2 * gap, { stroke, radius: gap });
}

function drawFrame(frame: Frame, at: SceneNode, node: DagGroupNode, box: DagBox): void {
  const { pen, theme } = frame;
  const radius = Math.min(8, 6 * frame.camera.scale);
  const border = borderOf(frame, at);
  pen.rect(box.x, box.y, box.width, box.height, {
    fill: theme.soft,
    radius,
    ...border,
    dash: border.stroke === theme.accent ? undefined : [6, 4],
  });
  drawGroupHeader(frame, at, node, box);
}

function drawGroup(frame: Frame, at: SceneNode, node: DagGroupNode, box: DagBox): void {
  const { pen, theme, camera } = frame;
  const border = borderOf(frame, at);
  const radius = Math.min(6, 5 * camera.scale);
  if (box.width < TINY.width || box.height < TINY.height) {
    drawTiny(frame, at, node, box);
    pen.rect(box.x, box.y, box.width, box.height, border);
    return;
  }
  pen.rect(box.x, box.y, box.width, box.height, { fill: theme.bg, radius, ...border });
  if (node.joins > 0) drawInner(frame, box, border.stroke);
  drawCells(frame, at, node);
  drawGroupHeader(frame, at, node, box);
}

/** A box too small for words: its states side by side, or its app. */
function drawTiny(frame: Frame, at: SceneNode, node: DagGroupNode, box: DagBox): void {
  const { pen, theme } = frame;
  if (frame.colour === "apps") {
    const fill = node.app < 0 ? theme.unknown : frame.colours[appByte(node.app)];
    pen.rect(box.x, box.y, box.width, box.height, { fill });
    return;
  }
  let before = 0;
  for (const [state, tasks] of node.states) {
    const width = box.width * tasks / Math.max(1, node.count);
    pen.rect(box.x + before, box.y, width, box.height, {
      fill: theme.state(at.view.states[state]),
    });
    before += width;
  }
}

function drawCells(frame: Frame, at: SceneNode, node: DagGroupNode): void {
  const grid = gridIn(at);
  if (!grid || node.count === 0) return;
  const { pen, camera, lit } = frame;
  const place = onScreen(camera, {
    x: grid.x,
    y: grid.y,
    width: grid.columns * grid.cell,
    height: grid.rows * grid.cell,
  });
  const runs = lit?.get(node.id);
  const some = runs && runs !== ALL;
  const image = frame.cells(at, grid.columns);
  if (image) {
    if (some) pen.begin(DIMMED);
    pen.image(image, place.x, place.y, place.width, place.height);
    if (some) pen.end();
    const bright = some ? frame.cells(at, grid.columns, runs) : undefined;
    if (bright) pen.image(bright, place.x, place.y, place.width, place.height);
  } else {
    pen.rect(place.x, place.y, place.width, place.height, { fill: frame.theme.soft });
  }
  const cell = grid.cell * camera.scale;
  if (cell >= APART_PX) drawGaps(frame, grid, place, cell);
  if (some && cell < 3) drawPins(frame, grid, runs);
  drawMark(frame, at, grid);
}

/** Lines in the colour of the box that keep the cells apart. */
function drawGaps(frame: Frame, grid: Grid, place: DagBox, cell: number): void {
  const { pen, theme, window } = frame;
  const width = cell < 10 ? 1 : Math.min(4, Math.round(cell / 8));
  const share = Math.min(1, Math.max(0, (cell - APART_PX) / (CLEAR_PX - APART_PX)));
  if (share < 1) pen.begin(FAINTEST + (1 - FAINTEST) * share);
  const first = (start: number) => Math.max(0, Math.floor(-start / cell));
  const last = (start: number, room: number, most: number) =>
    Math.min(most, Math.ceil((room - start) / cell));
  const [top, bottom] = [Math.max(0, place.y), Math.min(window.height, place.y + place.height)];
  const [left, right] = [Math.max(0, place.x), Math.min(window.width, place.x + place.width)];
  for (let i = first(place.x); i <= last(place.x, window.width, grid.columns); i++) {
    const x = Math.round(place.x + i * cell - width / 2);
    pen.rect(x, top, width, bottom - top, { fill: theme.bg });
  }
  for (let i = first(place.y); i <= last(place.y, window.height, grid.rows); i++) {
    const y = Math.round(place.y + i * cell - width / 2);
    pen.rect(left, y, right - left, width, { fill: theme.bg });
  }
  if (share < 1) pen.end();
}

const MOST_PINS = 200;

/** Marks lit tasks whose cells are too small to see. */
function drawPins(frame: Frame, grid: Grid, runs: readonly number[]): void {
  if (runs.length / 2 > MOST_PINS) return;
  for (let i = 0; i < runs.length; i += 2) {
    if (runs[i + 1] > grid.columns) continue;
    const cell = onScreen(frame.camera, cellBox(grid, runs[i]));
    frame.pen.rect(cell.x - 1.5, cell.y - 1.5, cell.width + 3, cell.height + 3, {
      stroke: frame.theme.accent,
      width: 1,
    });
  }
}

function drawMark(frame: Frame, { node }: SceneNode, grid: Grid): void {
  const { hovered, lit, theme, pen } = frame;
  if (hovered?.id !== node.id || hovered.index < 0) return;
  const runs = lit?.get(node.id);
  const cell = onScreen(frame.camera, cellBox(grid, hovered.index));
  const grow = Math.max(0, (7 - cell.width) / 2);
  pen.rect(cell.x - grow, cell.y - grow, cell.width + 2 * grow, cell.height + 2 * grow, {
    stroke: runs && !inRuns(runs, hovered.index) ? theme.muted : theme.accent,
    width: 2,
  });
}
