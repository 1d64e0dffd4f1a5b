/**
 * `Head`: its children are collected while the server renders and end up in the document's <head>.
 * In the browser it renders nothing.
 */
import { type ComponentChildren, toChildArray, type VNode } from "preact";

let collector: VNode[] | null = null;

/** Starts (array) or ends (null) the collecting; returns the one before. */
export function collectHead(into: VNode[] | null): VNode[] | null {
  const before = collector;
  collector = into;
  return before;
}

/** Puts its children into the <head> of the page. */
export function Head(props: { children?: ComponentChildren }): null {
  if (collector !== null) {
    for (const child of toChildArray(props.children)) {
      if (typeof child === "object") collector.push(child);
    }
  }
  return null;
}

/** Drops all but the last of several titles, and of elements with the same key. */
export function dedupeHead(nodes: VNode[]): VNode[] {
  const byId = new Map<unknown, VNode>();
  for (const node of nodes) {
    const id = node.type === "title" ? "title" : node.key != null ? `key:${node.key}` : node;
    byId.delete(id);
    byId.set(id, node);
  }
  return [...byId.values()];
}
