import { type Signal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

/**
 * Keeps a view up to date by server-sent events: the first message brings it whole, each later one
 * the members that changed. Stops when the server says that the run ended.
 *
 * @param url null for a view that cannot change
 */
export function useLive<View extends object>(view: View, url: string | null): Signal<View> {
  const current = useSignal(view);
  useEffect(() => {
    if (!url) return;
    const events = new EventSource(url);
    events.onmessage = (event) => {
      current.value = { ...current.value, ...JSON.parse(event.data) };
    };
    events.addEventListener("end", () => events.close());
    return () => events.close();
  }, [url]);
  return current;
}
