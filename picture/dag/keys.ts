import type { DagStage } from "./stage.ts";

/** What keys on the graph do beside moving. */
export interface KeyActs {
  select(id: string | undefined): void;
  enter(id: string): void;
  escape(): void;
}

const STEP_PX = 70;
const ZOOM = 1.3;
const ARROWS: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** Does what a key says; false if it says nothing here. Shift and arrows pan. */
export function pressKey(event: KeyboardEvent, stage: DagStage, acts: KeyActs): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  const arrow = ARROWS[event.key];
  if (arrow && event.shiftKey) stage.pan(-arrow[0] * STEP_PX, -arrow[1] * STEP_PX);
  else if (arrow) acts.select(next(stage, arrow));
  else if (event.key === "+" || event.key === "=") stage.ease(ZOOM);
  else if (event.key === "-") stage.ease(1 / ZOOM);
  else if (event.key === "f" || event.key === "0") stage.fit();
  else if (event.key === "Escape") acts.escape();
  else if (event.key === "Enter" && stage.selected) acts.enter(stage.selected);
  else return false;
  return true;
}

function next({ scene, selected }: DagStage, [dx, dy]: [number, number]): string | undefined {
  if (!scene) return undefined;
  const from = selected === undefined ? undefined : scene.byId.get(selected);
  if (!from) return scene.layers[0]?.nodes[0]?.node.id;
  return scene.beside(from, dx, dy)?.node.id ?? selected;
}
