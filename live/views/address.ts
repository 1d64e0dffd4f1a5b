import { partName } from "../../model/figures/path_part.ts";

/** Which view of which thing a page or a live connection shows. */
export interface Address {
  run?: string;
  app?: string;
  task?: string;
  /** The page's own URL parameters. */
  params: URLSearchParams;
}

/** The address of a page of a run. */
export type RunAddress = Address & { run: string };

/**
 * What a page's address says. Names are taken from the address itself: routers decode their
 * parameters halfway, and what is encoded twice cannot be told from what is encoded once.
 */
export function addressOf(url: URL): RunAddress {
  const [, run = "", kind, name] =
    /\/workflow\/([^/]+)(?:\/(app|task)\/([^/]+))?/.exec(url.pathname) ?? [];
  const of = kind === undefined ? {} : { [kind]: partName(name) };
  return { run: partName(run), ...of, params: url.searchParams };
}

/** Parameters by which a live address says what it is of; the page's own are not called so. */
const OWN = { view: "view", run: "run", app: "only", task: "task" };

/** The address of a view's live updates. */
export function liveUrl(view: string, at: Address): string {
  const params = new URLSearchParams(at.params);
  for (const name of Object.values(OWN)) params.delete(name);
  params.set(OWN.view, view);
  if (at.run !== undefined) params.set(OWN.run, at.run);
  if (at.app !== undefined) params.set(OWN.app, at.app);
  if (at.task !== undefined) params.set(OWN.task, at.task);
  return `/api/live?${params}`;
}

/** The view and the address that {@link liveUrl} made a URL of. */
export function parseLiveUrl(url: URL): { view: string; at: Address } {
  const params = new URLSearchParams(url.searchParams);
  const taken = (name: string) => {
    const value = params.get(name) ?? undefined;
    params.delete(name);
    return value;
  };
  const view = taken(OWN.view) ?? "";
  const [run, app, task] = [taken(OWN.run), taken(OWN.app), taken(OWN.task)];
  return { view, at: { run, app, task, params } };
}

/** Equal for two addresses exactly when they show the same. */
export function addressKey(view: string, at: Address): string {
  const params = new URLSearchParams(at.params);
  params.sort();
  return JSON.stringify([view, at.run, at.app, at.task, params.toString()]);
}
