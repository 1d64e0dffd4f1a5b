import type { DagNode, DagView } from "../model/dag.ts";
import type { DagBox } from "./dag_layout.ts";
import { dagAppName, failures, nodeStates } from "./dag_shape.ts";
import { count } from "./format.ts";
import { appColor, stateLabel, stateVar } from "./palette.ts";

/** The page of a task, or of a group's app; none for a group of several apps. */
export function nodeHref(view: DagView, node: DagNode, basePath: string): string | undefined {
  if (node.kind === "task") return `${basePath}/task/${node.taskId}`;
  if (node.app < 0) return undefined;
  return `${basePath}/app/${encodeURIComponent(view.apps[node.app])}`;
}

/** What a node is, in words: its name first, then its figures. */
export function nodeWords(view: DagView, node: DagNode): string[] {
  const app = dagAppName(view, node);
  if (node.kind === "task") return [`${app}:${node.taskId}`, stateLabel(view.states[node.state])];
  const states = node.states.map(([s, n]) => `${count(n)} ${stateLabel(view.states[s])}`);
  const depth = node.depth === node.deepest
    ? `depth ${node.depth}`
    : `depths ${node.depth}–${node.deepest}`;
  return [app, `${count(node.count)} tasks, ${depth}`, ...states];
}

interface NodeProps {
  view: DagView;
  node: DagNode;
  box: DagBox;
  basePath: string;
  className: string;
  onEnter: () => void;
  onLeave: () => void;
  onFocus: () => void;
}

/** One task or group of the DAG as a link in SVG. */
export function NodeBox(
  { view, node, box, basePath, className, onEnter, onLeave, onFocus }: NodeProps,
) {
  const failed = failures(view, node) > 0;
  return (
    <g transform={`translate(${box.x} ${box.y})`}>
      <a
        href={nodeHref(view, node, basePath)}
        class={`dag-node dag-${node.kind} ${failed ? "dag-failed" : ""} ${className}`}
        aria-label={nodeWords(view, node).join(", ")}
        onPointerEnter={onEnter}
        onPointerLeave={onLeave}
        onFocus={onFocus}
        onBlur={onLeave}
      >
        <rect class="dag-box" width={box.width} height={box.height} rx={4} />
        {node.kind === "task"
          ? (
            <>
              <rect
                class="dag-strip"
                width={8}
                height={box.height}
                rx={2}
                fill={taskFill(view, node)}
              />
              <text x={14} y={17}>{shorten(dagAppName(view, node), `:${node.taskId}`, 15)}</text>
            </>
          )
          : (
            <>
              {view.colour === "apps" && (
                <rect
                  class="dag-strip"
                  width={8}
                  height={box.height}
                  rx={2}
                  fill={appColor(node.app)}
                />
              )}
              <text class="dag-name" x={14} y={18}>{shorten(dagAppName(view, node), "", 20)}</text>
              <text class="dag-count" x={14} y={34}>{count(node.count)}</text>
              <StateBar view={view} node={node} x={14} y={41} width={box.width - 22} />
            </>
          )}
        {failed && (
          <path
            class="dag-cross"
            d={`M${box.width - 4} -4l8 8m0 -8l-8 8`}
          />
        )}
      </a>
    </g>
  );
}

function taskFill(view: DagView, node: DagNode & { kind: "task" }): string {
  return view.colour === "apps" ? appColor(node.app) : stateVar(view.states[node.state]);
}

function StateBar(
  { view, node, x, y, width }: {
    view: DagView;
    node: DagNode;
    x: number;
    y: number;
    width: number;
  },
) {
  const states = nodeStates(node);
  const total = states.reduce((sum, [, n]) => sum + n, 0);
  let before = 0;
  return (
    <g class="dag-bar">
      {states.map(([state, tasks]) => {
        const left = x + width * before / total;
        before += tasks;
        return (
          <rect
            key={state}
            x={left}
            y={y}
            width={width * tasks / total}
            height={6}
            fill={stateVar(view.states[state])}
          />
        );
      })}
    </g>
  );
}

function shorten(name: string, suffix: string, most: number): string {
  const room = Math.max(3, most - suffix.length);
  return (name.length > room ? `${name.slice(0, room - 1)}…` : name) + suffix;
}
