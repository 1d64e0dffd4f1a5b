import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { host } from "../host/host.ts";
import type { HubSnapshot } from "../model/hub/accounts.ts";
import { type Rates, rates, type Sample, sampleOf, withSample } from "../model/hub/rate.ts";

/** From one answer to the next question, in milliseconds. */
const PAUSE_MS = 1000;
/** How long an answer may take, in milliseconds. */
const PATIENCE_MS = 5000;

/** The hub as it was last heard of. */
export interface HubNow {
  snapshot: HubSnapshot | null;
  rates: Rates;
  /** Whether it answered the last question. */
  answers: boolean;
}

async function ask(signal: AbortSignal): Promise<HubSnapshot> {
  const response = await host.request("/api/hub", {
    cache: "no-store",
    signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]),
  });
  if (!response.ok) throw new Error(`status ${response.status}`);
  return await response.json() as HubSnapshot;
}

/** Asks the hub each second while the page is in view. */
export function useHub(first: HubSnapshot | null): HubNow {
  const samples: Sample[] = first ? [sampleOf(first)] : [];
  const now = useSignal<HubNow>({
    snapshot: first,
    rates: rates(samples),
    answers: first !== null,
  });
  useEffect(() => {
    let seen = samples;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let asking: AbortController | null = null;
    const poll = async () => {
      const own = new AbortController();
      asking = own;
      try {
        const snapshot = await ask(own.signal);
        if (own.signal.aborted) return;
        seen = withSample(seen, sampleOf(snapshot));
        now.value = { snapshot, rates: rates(seen), answers: true };
      } catch {
        if (own.signal.aborted) return;
        now.value = { ...now.value, answers: false };
      }
      timer = setTimeout(poll, PAUSE_MS);
    };
    const stop = () => {
      clearTimeout(timer);
      asking?.abort();
    };
    const turn = () => {
      stop();
      if (!document.hidden) poll();
    };
    document.addEventListener("visibilitychange", turn);
    if (!document.hidden) timer = setTimeout(poll, PAUSE_MS);
    return () => {
      document.removeEventListener("visibilitychange", turn);
      stop();
    };
  }, []);
  return now.value;
}
