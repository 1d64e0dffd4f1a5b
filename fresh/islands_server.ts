/**
 * Islands on the server: every vnode of an island component is wrapped in comment markers, and its
 * props are collected for the browser.
 */
import { createContext, Fragment, type FunctionComponent, h, options, type VNode } from "preact";
import { useContext } from "preact/hooks";

/** Where the browser finds an island: the name of its bundle entry and the export in it. */
export interface IslandRef {
  entry: string;
  exportName: string;
}

type Props = Record<string, unknown>;
type Component = FunctionComponent<Props>;

/** The islands of a page. */
export interface PageIslands {
  /** The components, each once. */
  readonly refs: IslandRef[];
  /** Each island's component, by its place among `refs`, and its props: JSON has to hold them. */
  readonly islands: [ref: number, props: Props][];
}

const registry = new Map<unknown, IslandRef>();
const wrappers = new Map<unknown, Component>();
const InIsland = createContext(false);
let creatingRaw = false;

/** Makes a component an island. */
export function registerIsland(component: unknown, ref: IslandRef): void {
  registry.set(component, ref);
}

/** The islands of one page, filled while it renders. */
export class IslandCollector implements PageIslands {
  readonly refs: IslandRef[] = [];
  readonly islands: [ref: number, props: Props][] = [];

  /** Adds an island; gives its number on the page. */
  add(ref: IslandRef, props: Props): number {
    let at = this.refs.indexOf(ref);
    if (at < 0) at = this.refs.push(ref) - 1;
    return this.islands.push([at, props]) - 1;
  }
}

let collector: IslandCollector | null = null;

/** Starts or ends (null) collecting; rendering is synchronous, so one at a time. */
export function collectIslands(into: IslandCollector | null): IslandCollector | null {
  const before = collector;
  collector = into;
  return before;
}

/** The islands of a page as JSON that is safe inside of a script element: what `boot` reads. */
export function islandsJson({ islands }: PageIslands): string {
  return JSON.stringify(islands).replaceAll("<", "\\u003c");
}

function comment(text: string): VNode {
  return h(Fragment, { UNSTABLE_comment: text } as object);
}

function raw(component: Component, props: Props): VNode {
  creatingRaw = true;
  try {
    return h(component, props);
  } finally {
    creatingRaw = false;
  }
}

function wrap(component: Component, ref: IslandRef): Component {
  return (props) => {
    const inside = useContext(InIsland);
    if (inside || collector === null) return raw(component, props);
    const id = collector.add(ref, props);
    return h(
      Fragment,
      null,
      comment(`frsh:island:${id}`),
      h(InIsland.Provider, { value: true, children: raw(component, props) }),
      comment(`/frsh:island:${id}`),
    );
  };
}

const previous = options.vnode;
options.vnode = (vnode) => {
  if (!creatingRaw) {
    const ref = registry.get(vnode.type);
    if (ref !== undefined) {
      let wrapper = wrappers.get(vnode.type);
      if (wrapper === undefined) {
        wrapper = wrap(vnode.type as Component, ref);
        wrappers.set(vnode.type, wrapper);
      }
      vnode.type = wrapper as VNode["type"];
    }
  }
  previous?.(vnode);
};
