import {
  type DagGroupNode,
  type DagNode,
  type DagTaskNode,
  type DagView,
  ofNode,
} from "../../model/dag/view.ts";
import { pathPart } from "../../model/figures/path_part.ts";
import { dagAppName } from "../../picture/dag/layout/shape.ts";
import { count, duration } from "../../looks/format.ts";
import { stateLabel } from "../../looks/palette.ts";

/** The page of a task, or of a group's app; none for a group of several apps. */
export function nodeHref(view: DagView, node: DagNode, basePath: string): string | undefined {
  return ofNode(node, {
    task: ({ taskId }) => `${basePath}/task/${taskId}`,
    group({ app }) {
      if (app < 0 || view.apps[app] === undefined) return undefined;
      return `${basePath}/app/${pathPart(view.apps[app])}`;
    },
  });
}

/** What a node is called: its app, of a task with its id. */
export function nodeName(view: DagView, node: DagNode): string {
  const app = dagAppName(view, node);
  return ofNode(node, { task: ({ taskId }) => `${app}:${taskId}`, group: () => app });
}

/** What a node is, in words: its name first, then its figures. */
export function nodeWords(view: DagView, node: DagNode): string[] {
  return [
    nodeName(view, node),
    ...ofNode(node, {
      task: (task) => taskWords(view, task),
      group: (group) => groupWords(view, group),
    }),
  ];
}

function taskWords(view: DagView, { join, state }: DagTaskNode): string[] {
  return [stateLabel(view.states[state]), ...join ? ["join: waits for the tasks it made"] : []];
}

function groupWords(view: DagView, node: DagGroupNode): string[] {
  const states = node.states.map(([s, n]) => `${count(n)} ${stateLabel(view.states[s])}`);
  const depth = node.depth === node.deepest
    ? `depth ${count(node.depth)}`
    : `depths ${count(node.depth)} to ${count(node.deepest)}`;
  const times = node.medianRun === null || node.medianRun === undefined
    ? []
    : [`median ${duration(node.medianRun)}, in all ${duration(node.totalRun)}`];
  const joins = node.joins === 0
    ? []
    : [`${count(node.joins)} ${node.joins === 1 ? "join" : "joins"}: wait for the tasks they made`];
  return [
    `${count(node.count)} ${node.count === 1 ? "task" : "tasks"}, ${depth}`,
    ...joins,
    ...states,
    ...times,
  ];
}
