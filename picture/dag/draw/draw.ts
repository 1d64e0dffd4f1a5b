import { drawEdgeLabels } from "./labels.ts";
import { drawEdges } from "./edges.ts";
import { drawNames } from "./names.ts";
import { drawLinks, drawPath, type Link } from "./links.ts";
import { drawNodes } from "./nodes.ts";
import type { Frame } from "./frame.ts";
import { drawMinimap } from "./minimap.ts";
import type { Move } from "./move.ts";
import type { Scene, SceneNode } from "../layout/scene.ts";

/** What lies over the graph. */
export interface Over {
  path: readonly Link[];
  links: readonly Link[];
  /** Whether there is a small map when not all is seen. */
  map: boolean;
}

/** Draws the graph; while its boxes move, `share` of their way, them alone. */
export function drawScene(
  frame: Frame,
  scene: Scene,
  over: Over,
  move: Move | undefined,
  share: number,
): void {
  const still = share === 1 || !move;
  const placed = (at: SceneNode) => still ? at : move.placed(at, share);
  for (const layer of scene.layers) {
    if (still) drawEdges(frame, layer, scene);
    drawNodes(frame, { ...layer, nodes: layer.nodes.map(placed) });
  }
  if (still) {
    drawPath(frame, scene, over.path);
    drawLinks(frame, scene, over.links);
  }
  drawNames(frame, [...scene.nodes()].map(placed), scene);
  for (const layer of still ? scene.layers : []) drawEdgeLabels(frame, layer, scene);
  if (over.map) drawMinimap(frame, scene);
}
