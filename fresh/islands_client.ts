/**
 * The boot code of the browser: finds the island markers, rebuilds props and slots, and hydrates
 * every island between its markers when its turn comes.
 */
import { type ComponentChildren, type ComponentType, h, hydrate, render, type VNode } from "preact";
import { hydrateInTurn } from "./island_turns.ts";
import { deserialize } from "./serialize.ts";

type Component = ComponentType<Record<string, unknown>>;

/** A stand-in for a parent element that covers only the nodes between two markers. */
class RangeRoot {
  readonly nodeType = 1;
  readonly #start: Comment;
  readonly #end: Comment;

  constructor(start: Comment, end: Comment) {
    this.#start = start;
    this.#end = end;
  }
  get parentNode(): Node | null {
    return this.#end.parentNode;
  }
  get namespaceURI(): string | null {
    return (this.#end.parentNode as Element).namespaceURI;
  }
  get ownerDocument(): Document {
    return document;
  }
  get childNodes(): Node[] {
    const nodes: Node[] = [];
    for (let n = this.#start.nextSibling; n && n !== this.#end; n = n.nextSibling) nodes.push(n);
    return nodes;
  }
  get firstChild(): Node | null {
    const first = this.#start.nextSibling;
    return first === this.#end ? null : first;
  }
  contains(node: Node | null): boolean {
    return this.#end.parentNode!.contains(node);
  }
  insertBefore(node: Node, before: Node | null): Node {
    return this.#end.parentNode!.insertBefore(node, before ?? this.#end);
  }
  appendChild(node: Node): Node {
    return this.insertBefore(node, null);
  }
  removeChild(node: Node): Node {
    return this.#end.parentNode!.removeChild(node);
  }
}

function marker(node: Node, kind: "island" | "slot"): number | null {
  if (node.nodeType !== 8) return null;
  const found = /^frsh:(island|slot):(\d+)$/.exec((node as Comment).data);
  return found !== null && found[1] === kind ? Number(found[2]) : null;
}

function endOf(start: Node): Comment | null {
  const text = "/" + (start as Comment).data;
  for (let n = start.nextSibling; n !== null; n = n.nextSibling) {
    if (n.nodeType === 8 && (n as Comment).data === text) return n as Comment;
  }
  return null;
}

/**
 * Hydrates all islands of the page, each when its turn comes. The function returned takes them down:
 * their effects end.
 */
export function boot(components: Component[], table: unknown[]): () => void {
  const slotStarts = new Map<number, Node>();
  const roots: { id: number; start: Comment; end: Comment }[] = [];
  const walker = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_COMMENT);
  let outer: Comment | null = null;
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const slot = marker(node, "slot");
    if (slot !== null) slotStarts.set(slot, node);
    if (outer !== null) {
      if (node === outer) outer = null;
      continue;
    }
    const id = marker(node, "island");
    if (id === null) continue;
    const end = endOf(node);
    if (end === null) continue;
    roots.push({ id, start: node as Comment, end });
    outer = end;
  }

  const islands = deserialize(table, (id) => slotVNode(id)) as [number, Record<string, unknown>][];

  function slotVNode(id: number): ComponentChildren {
    const start = slotStarts.get(id);
    if (start !== undefined) return h(SlotView, { id, nodes: [start.nextSibling, endOf(start)] });
    const template = document.getElementById(`frsh-slot-${id}`);
    if (template instanceof HTMLTemplateElement) {
      return h(SlotView, { id, nodes: [template.content.firstChild, null] });
    }
    return null;
  }

  // The nodes of a slot are read when it is first rendered: all props are rebuilt by then, and the
  // nodes are still those of the server.
  const views = new Map<number, ComponentChildren>();
  function SlotView(props: { id: number; nodes: [Node | null, Node | null] }): VNode {
    let view = views.get(props.id);
    if (view === undefined) {
      view = toVNodes(props.nodes[0], props.nodes[1]);
      views.set(props.id, view);
    }
    return view as unknown as VNode;
  }

  function toVNodes(from: Node | null, to: Node | null): ComponentChildren[] {
    const out: ComponentChildren[] = [];
    for (let n = from; n !== null && n !== to; n = n.nextSibling) {
      if (n.nodeType === 3) out.push((n as Text).data);
      else if (n.nodeType === 1) out.push(elementVNode(n as Element));
      else {
        const id = marker(n, "island");
        const slot = marker(n, "slot");
        if (id === null && slot === null) continue;
        const end = endOf(n);
        if (id !== null) out.push(h(components[islands[id][0]], islands[id][1]));
        else if (slot !== null) out.push(slotVNode(slot));
        if (end !== null) n = end;
      }
    }
    return out;
  }

  function elementVNode(element: Element): VNode {
    const props: Record<string, unknown> = {};
    for (const { name, value } of element.attributes) {
      const current = (element as unknown as Record<string, unknown>)[name];
      props[name] = value === "" && current === true ? true : value;
    }
    const children = toVNodes(element.firstChild, null);
    return h(element.localName, props as object, ...children) as VNode;
  }

  const awake: Element[] = [];
  const stop = hydrateInTurn(roots.map(({ id, start, end }) => ({
    start,
    end,
    hydrate() {
      const [ref, props] = islands[id];
      const range = new RangeRoot(start, end) as unknown as Element;
      hydrate(h(components[ref], props), range);
      awake.push(range);
    },
  })));
  return () => {
    stop();
    for (const range of awake) render(null, range);
  };
}
