/**
 * The boot code of the browser: finds the island markers, and hydrates every island between its
 * markers when its turn comes.
 */
import { type ComponentType, h, hydrate, render } from "preact";
import { hydrateInTurn, type SleepingIsland } from "./island_turns.ts";

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

/** The number of an island whose start a comment marks. */
function islandAt(comment: Comment): number | null {
  const found = /^frsh:island:(\d+)$/.exec(comment.data);
  return found && Number(found[1]);
}

function endOf(start: Comment): Comment | null {
  for (let n = start.nextSibling; n !== null; n = n.nextSibling) {
    if (n instanceof Comment && n.data === `/${start.data}`) return n;
  }
  return null;
}

/** An island of the page: its component by its place among all, and its props. */
type Island = [ref: number, props: Record<string, unknown>];

/**
 * Hydrates all islands of the page, each when its turn comes. The function returned takes them down:
 * their effects end.
 */
export function boot(components: Component[], islands: Island[]): () => void {
  const awake: Element[] = [];
  const asleep: SleepingIsland[] = [];
  const walker = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_COMMENT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const start = node as Comment;
    const id = islandAt(start);
    const end = id === null ? null : endOf(start);
    if (id === null || end === null) continue;
    const [ref, props] = islands[id];
    const hydrateIsland = () => {
      const range = new RangeRoot(start, end) as unknown as Element;
      hydrate(h(components[ref], props), range);
      awake.push(range);
    };
    asleep.push({ start, end, hydrate: hydrateIsland });
  }
  const stop = hydrateInTurn(asleep);
  return () => {
    stop();
    for (const range of awake) render(null, range);
  };
}
