import { useEffect, useRef, useState } from "preact/hooks";
import type { DagApi } from "../../components/dag_api.ts";
import { DagLayouts, type Opened } from "../../components/dag_layouts.ts";
import { Scene } from "../../components/dag_scene.ts";
import type { DagView } from "../../model/dag.ts";

/** The graph with its opened groups, and where its boxes are. */
export interface Graph {
  tree: Opened;
  /** Undefined until the first layout is there. */
  scene: Scene | undefined;
  /** The group that was opened or closed last: it keeps its place on the screen. */
  around: string | undefined;
  isOpen(id: string): boolean;
  toggle(id: string): void;
}

/** Windows up to this width, in pixels, have the graph run from top to bottom. */
const NARROW = 600;
/** The least time between two questions after the inside of a group, in ms. */
const PAUSE = 2000;

/** Opens and closes groups of a view and lays it out, anew only when its structure changes. */
export function useGraph(view: DagView, api: DagApi): Graph {
  const layAll = useRef<() => Promise<void>>();
  const [insides, setInsides] = useState<ReadonlyMap<string, Opened["view"]>>(new Map());
  const [scene, setScene] = useState<Scene>();
  const around = useRef<string>();
  const fetched = useRef(0);
  const tree = treeOf(view, insides);

  const newest = useRef(tree);
  const laying = useRef(false);

  useEffect(() => {
    const abort = new AbortController();
    const made = new DagLayouts();
    /** Lays out the newest tree until it is the one that was laid out. */
    layAll.current = async () => {
      if (laying.current) return;
      laying.current = true;
      try {
        let done: Opened | undefined;
        while (done !== newest.current && !abort.signal.aborted) {
          done = newest.current;
          const laid = await made.lay(done, abort.signal, innerWidth < NARROW);
          if (!abort.signal.aborted) setScene(new Scene(laid));
        }
      } catch {
        // The page is being left.
      } finally {
        laying.current = false;
      }
    };
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
      for (const id of insides.keys()) void fetchInside(id, false);
    }, Math.max(0, fetched.current + PAUSE - performance.now()));
    return () => clearTimeout(timer);
  }, [view]);

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

  return { tree, scene, around: around.current, isOpen: (id) => insides.has(id), toggle };
}

function treeOf(view: Opened["view"], insides: ReadonlyMap<string, Opened["view"]>): Opened {
  const opened = new Map<string, Opened>();
  for (const { id } of view.nodes) {
    const inside = insides.get(id);
    if (inside) opened.set(id, treeOf(inside, insides));
  }
  return { view, opened };
}
