import type { DagNode } from "../../../model/dag/view.ts";
import { onScreen } from "../camera.ts";
import { overlap } from "../../geometry.ts";
import { FULL, NAME_SIZE_PX, nameplate } from "./header.ts";
import { DIMMED, hasTaskName, isDim } from "./nodes.ts";
import type { Frame } from "./frame.ts";
import type { DagBox } from "../../geometry.ts";
import { type PlacedName, placeNames, type Unnamed } from "../layout/names.ts";
import type { Scene, SceneNode } from "../layout/scene.ts";
import { failures, nodeTasks } from "../layout/shape.ts";
import { shortName, tailedName } from "../layout/short_name.ts";

/** How near to the edge of the drawing, or of a window that shows all of it, names come. */
const MARGIN_PX = 4;
/** How much a name in a box covers of what is under it, and how far from its edge it begins. */
const SHEER = 0.88;
const PAD_PX = 2;

/** The names of one scene, and of what they were made. */
interface Kept {
  scale: number;
  width: number;
  height: number;
  onPath: Frame["lit"];
  names: Map<string, PlacedName>;
}

const kept = new WeakMap<Scene, Kept>();

/**
 * The names that boxes have whose headers are too small to hold them, by the boxes' ids, where they
 * would be on the screen if the drawing began in its corner. They depend on the scale, not on what
 * part of the drawing is seen.
 */
export function namesOf(frame: Frame, scene: Scene): ReadonlyMap<string, PlacedName> {
  const { camera: { scale }, window: { width, height } } = frame;
  if (scale >= FULL) return new Map();
  // The path is what is lit while it is shown.
  const onPath = frame.path && frame.lit;
  const known = kept.get(scene);
  if (
    known && known.scale === scale && known.width === width && known.height === height &&
    known.onPath === onPath
  ) return known.names;
  const names = placeNames(unnamedIn(frame, scene, onPath), namingBounds(frame, scene));
  kept.set(scene, { scale, width, height, onPath, names });
  return names;
}

/** What names and labels must not leave: the drawing, with the free room around it if there is. */
export function namingBounds({ camera: { scale }, window }: Frame, { bounds }: Scene): DagBox {
  const spare = (room: number, taken: number) =>
    Math.max(MARGIN_PX, (room - taken) / 2 - MARGIN_PX);
  const width = bounds.width * scale;
  const height = bounds.height * scale;
  const x = spare(window.width, width);
  const y = spare(window.height, height);
  return { x: -x, y: -y, width: width + 2 * x, height: height + 2 * y };
}

function unnamedIn(frame: Frame, scene: Scene, onPath: Frame["lit"]): Unnamed[] {
  const { pen, camera: { scale } } = frame;
  const corner = { x: 0, y: 0, scale };
  const firsts = firstsOf(scene);
  const unnamed: Unnamed[] = [];
  for (const at of scene.nodes()) {
    const { node, open } = at;
    const box = onScreen(corner, at.box);
    const plate = node.kind === "group" ? nameplate(frame, at, node, box) : undefined;
    const size = plate?.size ?? NAME_SIZE_PX;
    const name = tailedName(at.view, node);
    const number = node.kind === "task" ? `:${node.taskId}` : "";
    const measure = (text: string) => pen.measure(text, size);
    const named = node.kind === "task" && hasTaskName(scale, box);
    unnamed.push({
      id: node.id,
      box,
      inside: plate?.box,
      aside: !open,
      rank: rankOf(at, onPath, firsts),
      measure,
      text(room) {
        if (named) return "";
        const short = shortName(pen, name, room - measure(number), size);
        return short && short + number;
      },
    });
  }
  return unnamed;
}

/** Of each app its largest node, roughly, so that it stays the same while tasks are added. */
function firstsOf(scene: Scene): ReadonlySet<string> {
  const firsts = new Map<number, DagNode>();
  for (const { node } of scene.nodes()) {
    const first = firsts.get(node.app);
    if (!first || magnitude(node) > magnitude(first)) firsts.set(node.app, node);
  }
  return new Set([...firsts.values()].map(({ id }) => id));
}

function magnitude(node: DagNode): number {
  return Math.floor(Math.log2(Math.max(1, nodeTasks(node))));
}

/** More than magnitudes can be. */
const TIER = 64;

/** First what the critical path takes, then failures, then each app once, then what is large. */
function rankOf(
  { node, view }: SceneNode,
  onPath: Frame["lit"],
  firsts: ReadonlySet<string>,
): number {
  const tier = onPath?.has(node.id)
    ? 0
    : failures(view, node) > 0
    ? 1
    : firsts.has(node.id)
    ? 2
    : 3;
  return TIER * tier - magnitude(node);
}

/** Writes names of nodes, which may be on the way from where they were to where they are named. */
export function drawNames(
  frame: Frame,
  nodes: Iterable<SceneNode>,
  scene: Scene,
): void {
  const names = namesOf(frame, scene);
  const { camera } = frame;
  const window = { x: 0, y: 0, ...frame.window };
  for (const at of nodes) {
    const { node } = at;
    const name = names.get(node.id);
    const placed = scene.byId.get(node.id);
    if (!name || !placed) continue;
    const now = onScreen(camera, at.box);
    const box = {
      ...name.box,
      x: name.box.x + now.x - placed.box.x * camera.scale,
      y: name.box.y + now.y - placed.box.y * camera.scale,
    };
    if (overlap(box, window)) drawName(frame, at, now, { ...name, box });
  }
}

/** Writes the name of a node whose box is at `own` on the screen. */
function drawName(frame: Frame, at: SceneNode, own: DagBox, { text, inside, box }: PlacedName) {
  const { pen, theme } = frame;
  const plate = at.node.kind === "group" ? nameplate(frame, at, at.node, own) : undefined;
  const covers = inside && plate?.covers === true;
  // A count beside the name says it where there is one.
  const failed = failures(at.view, at.node) > 0 && plate?.covers !== false;
  const dim = isDim(frame, at);
  if (dim) pen.begin(DIMMED);
  if (covers) {
    pen.begin(SHEER);
    pen.rect(box.x, box.y, box.width, box.height, { fill: theme.bg });
    pen.end();
  }
  const left = box.x + (covers ? PAD_PX : 0);
  pen.text(text, inside ? left : box.x + box.width / 2, box.y + box.height / 2, {
    size: inside && plate ? plate.size : NAME_SIZE_PX,
    fill: failed ? theme.failed : theme.fg,
    align: inside ? "left" : "center",
    halo: inside ? undefined : theme.bg,
  });
  if (dim) pen.end();
}
