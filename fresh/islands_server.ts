/**
 * Islands on the server: every vnode of an island component is wrapped in comment markers, its props
 * are collected for the browser, and JSX among the props becomes a slot.
 */
import { createContext, Fragment, h, isValidElement, options, type VNode } from "preact";
import type { ComponentChildren, FunctionComponent } from "preact";
import { useContext } from "preact/hooks";
import { Signal } from "@preact/signals";
import { renderToString } from "preact-render-to-string";
import { serialize } from "./serialize.ts";

/** Where the browser finds an island: the name of its bundle entry and the export in it. */
export interface IslandRef {
  entry: string;
  exportName: string;
}

type Props = Record<string, unknown>;
type Component = FunctionComponent<Props>;

const registry = new Map<unknown, IslandRef>();
const wrappers = new Map<unknown, Component>();
const InIsland = createContext(false);
let creatingRaw = false;

/** Makes a component an island. */
export function registerIsland(component: unknown, ref: IslandRef): void {
  registry.set(component, ref);
}

/** The islands and slots of one page, filled while it renders. */
export class IslandCollector {
  readonly refs: IslandRef[] = [];
  readonly islands: { ref: number; props: Props }[] = [];
  readonly slots: { children: ComponentChildren; rendered: boolean }[] = [];
  readonly #slotIds = new Map<object, number>();

  island(ref: IslandRef, props: Props): number {
    let at = this.refs.indexOf(ref);
    if (at < 0) at = this.refs.push(ref) - 1;
    return this.islands.push({ ref: at, props }) - 1;
  }

  slot(children: ComponentChildren & object): number {
    const known = this.#slotIds.get(children);
    if (known !== undefined) return known;
    const id = this.slots.push({ children, rendered: false }) - 1;
    this.#slotIds.set(children, id);
    return id;
  }

  /** The templates of slots that no island has rendered (yet): hidden tabs, closed panels. */
  templates(): string {
    let html = "";
    for (let id = 0; id < this.slots.length; id++) {
      const slot = this.slots[id];
      if (slot.rendered) continue;
      html += `<template id="frsh-slot-${id}">${
        renderToString(h(Fragment, null, slot.children))
      }</template>`;
    }
    return html;
  }

  /** All island props of the page as text. */
  payload(): string {
    return serialize(
      this.islands.map(({ ref, props }) => [ref, props]),
      (value) => this.#slotIds.get(value),
    );
  }
}

let collector: IslandCollector | null = null;

/** Starts or ends (null) collecting; rendering is synchronous, so one at a time. */
export function collectIslands(into: IslandCollector | null): IslandCollector | null {
  const before = collector;
  collector = into;
  return before;
}

function comment(text: string): VNode {
  return h(Fragment, { UNSTABLE_comment: text } as object);
}

function isJsx(value: unknown): value is ComponentChildren & object {
  if (value instanceof Signal) return false; // a signal looks like an element to preact
  return isValidElement(value) ||
    (Array.isArray(value) && value.some((v) => isJsx(v)));
}

function Slot(props: { id: number; children?: ComponentChildren }): VNode {
  if (collector !== null) collector.slots[props.id].rendered = true;
  return h(
    Fragment,
    null,
    comment(`frsh:slot:${props.id}`),
    h(InIsland.Provider, { value: false, children: props.children }),
    comment(`/frsh:slot:${props.id}`),
  );
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
    const given: Props = {};
    for (const [key, value] of Object.entries(props)) {
      given[key] = isJsx(value) ? h(Slot, { id: collector.slot(value), children: value }) : value;
    }
    const id = collector.island(ref, props);
    return h(
      Fragment,
      null,
      comment(`frsh:island:${id}`),
      h(InIsland.Provider, { value: true, children: raw(component, given) }),
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
