import type { State } from "../../state.ts";
import type { HubSnapshot } from "../../model/hub/accounts.ts";

/** How long the hub may take to tell its accounts, in milliseconds. */
const PATIENCE_MS = 3_000;

/**
 * The hub's accounts of now.
 *
 * @throws {Error} when it does not answer, or not in time
 */
export async function hubSnapshot(hub: NonNullable<State["hub"]>): Promise<HubSnapshot> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("The hub does not answer in time.")), PATIENCE_MS);
  });
  try {
    const accounts = await Promise.race([hub.accounts(), late]);
    const at = Date.now();
    return { at, zone: -new Date(at).getTimezoneOffset() * 60_000, accounts };
  } finally {
    clearTimeout(timer);
  }
}

/** What a program is told that asks for the hub: `body` of its accounts, or why there is none. */
export async function hubResponse(
  hub: State["hub"] | undefined,
  type: string,
  body: (snapshot: HubSnapshot) => string,
): Promise<Response> {
  const plain = (status: number, text: string) =>
    new Response(`${text}\n`, {
      status,
      headers: { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" },
    });
  if (!hub) return plain(404, "There is no hub here; start one with: parsloscope visualize --hub");
  let snapshot: HubSnapshot;
  try {
    snapshot = await hubSnapshot(hub);
  } catch {
    return plain(503, "The hub does not answer.");
  }
  return new Response(body(snapshot), {
    headers: { "content-type": type, "cache-control": "no-store" },
  });
}
