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
/** Elements of island components that are not to be wrapped (again). */
const bare = new WeakSet<VNode>();

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

function bareElement(component: Component, props: Props): VNode {
  const element = h(component, props) as VNode;
  bare.add(element);
  return element;
}

function wrap(component: Component, ref: IslandRef): Component {
  return (props) => {
    const inside = useContext(InIsland);
    if (inside || collector === null) return bareElement(component, props);
    const id = collector.add(ref, props);
    return h(
      Fragment,
      null,
      comment(`frsh:island:${id}`),
      h(InIsland.Provider, { value: true, children: bareElement(component, props) }),
      comment(`/frsh:island:${id}`),
    );
  };
}

function wrapperOf(component: Component, ref: IslandRef): Component {
  let wrapper = wrappers.get(component);
  if (wrapper === undefined) {
    wrapper = wrap(component, ref);
    wrappers.set(component, wrapper);
  }
  return wrapper;
}

/** Called before an element is rendered: the name is that of Preact's builds. */
const hooks = options as { __b?: (vnode: VNode) => void };
const previous = hooks.__b;
hooks.__b = (vnode) => {
  // Outside of documents that are rendered here, islands are another's matter.
  if (collector !== null && !bare.has(vnode)) {
    const ref = registry.get(vnode.type);
    if (ref !== undefined) vnode.type = wrapperOf(vnode.type as Component, ref) as VNode["type"];
  }
  previous?.(vnode);
};
