import { type Signal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { type Patch, patch } from "./broadcast/patch.ts";
import type { Loading } from "../components/loading_line.tsx";
import { host } from "../host/host.ts";

/** A view as it is now, and how much of its run has been read; null when all of it. */
export interface Live<View> {
  view: View;
  loading: Loading | null;
}

/** What the page of a view begins with. */
export interface LiveProps<View> extends Live<View> {
  /** Where its updates come from; null for a view that cannot change. */
  live: string | null;
}

interface Message<View> {
  view?: View;
  patch?: Patch;
  loading?: Loading | null;
}

/**
 * Keeps a view up to date by server-sent events: the first message brings it whole, each later one
 * what changed. Stops when the server says that the run ended.
 *
 * @param url null for a view that cannot change
 */
export function useLive<View extends object>(
  view: View,
  url: string | null,
  loading: Loading | null = null,
): Signal<Live<View>> {
  const current = useSignal<Live<View>>({ view, loading });
  useEffect(() => {
    if (!url) return;
    return host.follow(url, (data) => {
      const message = JSON.parse(data) as Message<View>;
      const before = current.value;
      current.value = {
        view: message.view ??
          (message.patch ? patch(before.view, message.patch) as View : before.view),
        loading: message.loading === undefined ? before.loading : message.loading,
      };
    });
  }, [url]);
  return current;
}
