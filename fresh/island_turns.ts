/**
 * When islands are hydrated: one after the other, so that the page answers in between.
 */

/** An island between its markers that is not hydrated yet. */
export interface SleepingIsland {
  start: Comment;
  end: Comment;
  hydrate(): void;
}

/** How people ask something of an island. */
const ASKING = ["pointerdown", "click", "keydown", "input", "change", "submit"];

/**
 * Hydrates each island in a task of its own, those in view first. One that is asked something before
 * its turn is hydrated at once, so that it hears what it is asked; an island that throws stops no
 * other. The function returned leaves those that still sleep as they are.
 */
export function hydrateInTurn(islands: SleepingIsland[]): () => void {
  const asleep = new Set(islands);
  const stop = () => {
    asleep.clear();
    observer.disconnect();
    for (const type of ASKING) document.removeEventListener(type, ask, true);
  };
  const wake = (island: SleepingIsland) => {
    if (!asleep.delete(island)) return;
    if (asleep.size === 0) stop();
    island.hydrate();
  };
  const ask = ({ target }: Event) => {
    for (const island of asleep) if (holds(island, target as Node)) return wake(island);
  };
  // What is in view is known after the next layout, which asking for it here would bring forward.
  const observer = new IntersectionObserver((entries) => {
    observer.disconnect();
    const seen = entries.filter((entry) => entry.isIntersecting).map(({ target }) => target);
    const inView = new Set(islands.filter((island) => seen.some((node) => holds(island, node))));
    for (const island of new Set([...inView, ...asleep])) setTimeout(wake, 0, island);
  });
  for (const type of ASKING) document.addEventListener(type, ask, true);
  for (const element of islands.flatMap(elements)) observer.observe(element);
  return stop;
}

/** Whether a node stands between an island's markers. */
function holds({ start, end }: SleepingIsland, node: Node): boolean {
  return (start.compareDocumentPosition(node) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0 &&
    (end.compareDocumentPosition(node) & Node.DOCUMENT_POSITION_PRECEDING) !== 0;
}

/** The outermost elements of an island; what it stands in when it has none. */
function elements({ start, end }: SleepingIsland): Element[] {
  const found: Element[] = [];
  for (let node = start.nextSibling; node && node !== end; node = node.nextSibling) {
    if (node instanceof Element) found.push(node);
  }
  return found.length > 0 ? found : [start.parentElement!];
}
