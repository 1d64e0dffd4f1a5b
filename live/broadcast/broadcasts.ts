import type { Catalog, FollowedRun } from "../runs/catalog.ts";
import { type Address, addressKey, type RunAddress } from "../views/address.ts";
import { Broadcast, type BroadcastSource, type Content } from "./broadcast.ts";
import { PageError } from "../views/page_error.ts";
import { isRunView, isSearching, runView, type RunViews, workflowsPage } from "../views/views.ts";

const open = new WeakMap<Catalog, Map<string, Broadcast>>();

/** The broadcasts that somebody watches, by the key of their address. */
export function broadcasts(catalog: Catalog): Map<string, Broadcast> {
  const known = open.get(catalog) ?? new Map<string, Broadcast>();
  open.set(catalog, known);
  return known;
}

/**
 * The broadcast of a view, one for all who watch it.
 *
 * @throws {PageError} 404 when there is no view of this name
 */
export async function broadcastOf(
  catalog: Catalog,
  view: string,
  at: Address,
): Promise<Broadcast> {
  const key = addressKey(view, at);
  const known = broadcasts(catalog).get(key);
  if (known) return known;
  const source = await sourceOf(catalog, view, at);
  const meanwhile = broadcasts(catalog).get(key);
  if (meanwhile) return meanwhile;
  const broadcast: Broadcast = new Broadcast(source, () => {
    if (broadcasts(catalog).get(key) === broadcast) broadcasts(catalog).delete(key);
  });
  broadcasts(catalog).set(key, broadcast);
  return broadcast;
}

async function sourceOf(catalog: Catalog, view: string, at: Address): Promise<BroadcastSource> {
  if (view === "workflows") {
    return {
      watch: (changed) => catalog.watch(changed),
      load: async () => ({
        view: await workflowsPage(catalog, at),
        loading: null,
        final: false,
      }),
    };
  }
  if (!isRunView(view)) {
    throw new PageError(404, `There are no live updates of ${view === "" ? "nothing" : view}.`);
  }
  const { run } = at;
  const followed = run === undefined ? null : await catalog.find(run);
  return run === undefined || !followed
    ? NOTHING
    : runSource(catalog, followed, view, { ...at, run });
}

const NOTHING: BroadcastSource = { watch: () => () => {}, load: () => Promise.resolve(null) };

function runSource(
  catalog: Catalog,
  followed: FollowedRun,
  view: keyof RunViews,
  at: RunAddress,
): BroadcastSource {
  return {
    watch: (changed) => followed.watch(changed),
    async load(): Promise<Content | null> {
      if (followed.isGone) return null;
      const { loading } = followed;
      try {
        const content = await runView(catalog, followed, view, at, loading !== null);
        return {
          view: content,
          loading,
          final: !isSearching(content) &&
            (content.head.completed !== null || followed.database.taken !== null),
        };
      } catch (error) {
        // A run that is being read may not have come to what the view is about.
        if (!(error instanceof PageError)) throw error;
        if (!loading) return null;
        await followed.refresh();
        return this.load();
      }
    },
  };
}
