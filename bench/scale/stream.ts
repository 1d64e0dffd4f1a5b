/** Plain clients of a summary's server-sent events. */
import { type Patch, patch } from "../../live/broadcast/patch.ts";

interface Summary {
  head: { tasks: number; states: { name: string; count: number }[] };
}

interface Message {
  view?: Summary;
  patch?: Patch;
  loading?: { done: number; total: number } | null;
}

/** What a client knows after a message. */
export interface Known {
  view: Summary;
  loading: { done: number; total: number } | null;
  /** What the messages make of it that others got after it. */
  next: Map<string, Known>;
}

/** Tasks that are done, as the summary shows them. */
export function doneOf({ view }: Known): number {
  return view.head.states.find(({ name }) => name === "exec_done")?.count ?? 0;
}

/** The messages of one view: each is read once, however many clients get it. */
export class Messages {
  readonly #whole = new Map<string, Known>();

  /**
   * What a message makes of what was known.
   *
   * @throws {Error} when the first message is not whole
   */
  after(before: Known | null, text: string): Known {
    const met = before?.next.get(text) ?? this.#whole.get(text);
    if (met) return met;
    const message = JSON.parse(text) as Message;
    const view = message.view ??
      (before && message.patch ? patch(before.view, message.patch) as Summary : before?.view);
    if (!view) throw new Error("the first message is not whole");
    const loading = message.loading === undefined ? before?.loading ?? null : message.loading;
    const known: Known = { view, loading, next: new Map() };
    if (message.view || !before) {
      if (this.#whole.size >= 16) this.#whole.clear();
      this.#whole.set(text, known);
    } else before.next.set(text, known);
    return known;
  }
}

/** The address of a summary's events. */
export function summaryEvents(origin: string, run: string): string {
  return `${origin}api/live?view=summary&run=${run}`;
}

/**
 * Follows a view until the server ends it or `signal` is aborted.
 *
 * @param heard called with what is known and the bytes of the message
 */
export async function follow(
  url: string,
  messages: Messages,
  signal: AbortSignal,
  heard: (known: Known, bytes: number) => void,
): Promise<void> {
  let known: Known | null = null;
  let rest = "";
  let bytes = 0;
  const decoder = new TextDecoder();
  try {
    const response = await fetch(url, { signal });
    if (response.status !== 200 || !response.body) {
      throw new Error(`events answered ${response.status}`);
    }
    for await (const chunk of response.body) {
      bytes += chunk.byteLength;
      const parts = (rest + decoder.decode(chunk, { stream: true })).split("\n\n");
      rest = parts.pop() ?? "";
      for (const part of parts) {
        if (!part.startsWith("data: ")) continue;
        known = messages.after(known, part.slice("data: ".length));
        heard(known, bytes);
        bytes = 0;
      }
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
