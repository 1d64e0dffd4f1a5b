import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { DagApi } from "../../picture/dag/api.ts";
import type { Size } from "../../picture/geometry.ts";
import { DagLayouts, type Opened, shapeOf } from "../../picture/dag/layout/layouts.ts";
import { Scene } from "../../picture/dag/layout/scene.ts";
import type { DagView } from "../../model/dag/view.ts";

/** The graph with its opened groups, and where its boxes are. */
export interface Graph {
  tree: Opened;
  /** Undefined until the first layout is there. */
  scene: Scene | undefined;
  /** Changes when other nodes hold the tasks: groups were opened or closed, say. */
  drawn: string;
  /** The group that was opened or closed last: it keeps its place on the screen. */
  around: string | undefined;
  isOpen(id: string): boolean;
  toggle(id: string): void;
}

/** The least time between two questions after the inside of a group, in ms. */
const PAUSE_MS = 2000;

/**
 * Opens and closes groups of a view and lays it out, anew only when its structure changes or the
 * shape of the room for it.
 *
 * @param body what has the room that the drawing may take
 */
export function useGraph(view: DagView, api: DagApi, body: RefObject<HTMLElement>): Graph {
  const layAll = useRef<() => Promise<void>>();
  const [insides, setInsides] = useState<ReadonlyMap<string, Opened["view"]>>(new Map());
  const [scene, setScene] = useState<Scene>();
  const [drawn, setDrawn] = useState("");
  const around = useRef<string>();
  const fetched = useRef(0);
  const tree = treeOf(view, insides);

  const newest = useRef(tree);
  const laying = useRef(false);

  useEffect(() => {
    const abort = new AbortController();
    const made = new DagLayouts();
    let room = roomOf(body.current!);
    /** Lays out the newest tree until it is the one that was laid out. */
    layAll.current = async () => {
      if (laying.current) return;
      laying.current = true;
      try {
        let done: Opened | undefined;
        let seen: Size | undefined;
        while ((done !== newest.current || seen !== room) && !abort.signal.aborted) {
          done = newest.current;
          seen = room;
          const laid = await made.lay(done, abort.signal, room);
          if (!abort.signal.aborted) show(new Scene(laid));
        }
      } catch {
        // The page is being left.
      } finally {
        laying.current = false;
      }
    };
    addEventListener("resize", () => {
      const now = roomOf(body.current!);
      if (shapeOf(now) === shapeOf(room)) return;
      room = now;
      void layAll.current?.();
    }, { signal: abort.signal });
    return () => {
      abort.abort();
      made.end();
    };
  }, []);

  useEffect(() => {
    newest.current = tree;
    void layAll.current?.();
  }, [view, insides]);

  useEffect(() => {
    if (insides.size === 0) return;
    const timer = setTimeout(() => {
      fetched.current = performance.now();
      // Of a group that is no longer there, nothing can be asked.
      for (const id of openOf(newest.current)) void fetchInside(id, false);
    }, Math.max(0, fetched.current + PAUSE_MS - performance.now()));
    return () => clearTimeout(timer);
  }, [view]);

  function show(scene: Scene): void {
    const opened = openIn(scene);
    const { kind, structure } = scene.root.view;
    api.show(kind, structure, opened);
    setDrawn([kind, ...opened].join(" "));
    setScene(scene);
  }

  async function fetchInside(id: string, fresh: boolean): Promise<void> {
    try {
      const inside = await api.open(id);
      if (fresh) around.current = id;
      setInsides((before) => fresh || before.has(id) ? new Map(before).set(id, inside) : before);
    } catch {
      // It stays as it is.
    }
  }

  function toggle(id: string): void {
    if (!insides.has(id)) return void fetchInside(id, true);
    around.current = id;
    const kept = [...insides].filter(([other]) => other !== id && !other.startsWith(`${id}/`));
    setInsides(new Map(kept));
  }

  return { tree, scene, drawn, around: around.current, isOpen: (id) => insides.has(id), toggle };
}

/** The groups of a scene that are open. */
function openIn(scene: Scene): string[] {
  return [...scene.nodes()].filter(({ open }) => open).map(({ node }) => node.id);
}

/** The room for a drawing: a list beside it leaves it narrower, but not laid out anew. */
function roomOf(body: HTMLElement): Size {
  const stage = body.firstElementChild ?? body;
  return { width: body.clientWidth, height: stage.clientHeight };
}

/** The groups of a tree that are open. */
function openOf({ opened }: Opened): string[] {
  return [...opened].flatMap(([id, inside]) => [id, ...openOf(inside)]);
}

function treeOf(view: Opened["view"], insides: ReadonlyMap<string, Opened["view"]>): Opened {
  const opened = new Map<string, Opened>();
  for (const { id } of view.nodes) {
    const inside = insides.get(id);
    if (inside) opened.set(id, treeOf(inside, insides));
  }
  return { view, opened };
}
