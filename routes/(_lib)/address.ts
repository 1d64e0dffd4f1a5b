/** Which view of which thing a page or a live connection shows. */
export interface Address {
  run?: string;
  app?: string;
  task?: string;
  /** The page's own URL parameters. */
  params: URLSearchParams;
}

/** The address of a view's live updates. */
export function liveUrl(view: string, at: Address): string {
  const params = new URLSearchParams(at.params);
  params.set("view", view);
  if (at.run) params.set("run", at.run);
  if (at.app) params.set("only", at.app);
  if (at.task) params.set("task", at.task);
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
  const view = taken("view") ?? "";
  return { view, at: { run: taken("run"), app: taken("only"), task: taken("task"), params } };
}

/** Equal for two addresses exactly when they show the same. */
export function addressKey(view: string, at: Address): string {
  const params = new URLSearchParams(at.params);
  params.sort();
  return JSON.stringify([view, at.run, at.app, at.task, params.toString()]);
}
