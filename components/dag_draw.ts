import { drawEdgeLabels } from "./dag_draw_labels.ts";
import { drawEdges } from "./dag_draw_edges.ts";
import { drawNames } from "./dag_draw_names.ts";
import { drawLinks, drawPath, type Link } from "./dag_draw_links.ts";
import { drawNodes } from "./dag_draw_nodes.ts";
import type { Frame } from "./dag_frame.ts";
import { drawMinimap } from "./dag_minimap.ts";
import type { Move } from "./dag_move.ts";
import type { Scene, SceneNode } from "./dag_scene.ts";

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
