import type { DagNode, DagView } from "../../model/dag/view.ts";
import type { Opened } from "../../picture/dag/layout/layouts.ts";
import { nodeHref, nodeName, nodeWords } from "./descriptions.ts";
import { count } from "../../looks/format.ts";

interface ListProps {
  tree: Opened;
  basePath: string;
  onFocus: (id: string) => void;
  onToggle: (id: string) => void;
}

const WHAT: Record<DagView["kind"], string> = { tasks: "tasks", groups: "groups of tasks" };

/** The same graph as a list to read and to walk with the arrow keys. */
export function DagList({ tree, ...rest }: ListProps) {
  const { view } = tree;
  return (
    <details class="dag-list" onKeyDown={walk}>
      <summary>The graph as a list: {count(view.nodes.length)} {WHAT[view.kind]}</summary>
      <Nodes tree={tree} {...rest} />
    </details>
  );
}

/** Moves the focus to the link or button before or after. */
function walk(event: KeyboardEvent & { currentTarget: HTMLElement }): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  const all = [...event.currentTarget.querySelectorAll<HTMLElement>(".dag-node")];
  const at = all.findIndex((node) => node === document.activeElement);
  const next = all[at < 0 ? 0 : at + step];
  if (!next) return;
  next.focus();
  event.preventDefault();
}

function Nodes({ tree, basePath, onFocus, onToggle }: ListProps) {
  const { view, opened } = tree;
  const after = targets(view);
  return (
    <ul>
      {view.nodes.map((node) => {
        const inside = opened.get(node.id);
        return (
          <li key={node.id}>
            <Name {...{ view, node, basePath, onFocus }} /> {node.kind === "group" &&
              (node.openable || inside) && (
              <button type="button" onClick={() => onToggle(node.id)}>
                {inside ? "Close" : "Open"}
              </button>
            )}
            {after.has(node.id) && (
              <span class="picture-soft">then {after.get(node.id)!.join(", ")}</span>
            )}
            {inside && <Nodes {...{ tree: inside, basePath, onFocus, onToggle }} />}
          </li>
        );
      })}
    </ul>
  );
}

function Name(
  { view, node, basePath, onFocus }: Pick<ListProps, "basePath" | "onFocus"> & {
    view: DagView;
    node: DagNode;
  },
) {
  const [name, ...facts] = nodeWords(view, node);
  const href = nodeHref(view, node, basePath);
  const focus = () => onFocus(node.id);
  return (
    <>
      {href
        ? <a class="dag-node" href={href} onFocus={focus}>{name}</a>
        : <span class="dag-node" tabIndex={0} onFocus={focus}>{name}</span>} {facts.join(", ")}
    </>
  );
}

const MOST = 6;

/** The names of what comes after each node; of many the first, and how many more there are. */
function targets(view: DagView): Map<string, string[]> {
  const names = new Map(view.nodes.map((node) => [node.id, nodeName(view, node)]));
  const after = new Map<string, string[]>();
  for (const { from, to } of view.edges) {
    const list = after.get(from) ?? [];
    list.push(names.get(to) ?? to);
    after.set(from, list);
  }
  for (const list of after.values()) {
    if (list.length > MOST + 1) list.splice(MOST, Infinity, `${count(list.length - MOST)} more`);
  }
  return after;
}
