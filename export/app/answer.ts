import type { FromWorker } from "./wire.ts";
import { absolute, pathOf } from "../address.ts";
import { messageOf } from "../../errors.ts";

type Handler = (request: Request) => Promise<Response>;

/** Redirects that are followed for one question. */
const MOST_REDIRECTS = 5;

/** Answers the page's questions by the app's handler. */
export class Answers {
  readonly #handler: Promise<Handler>;
  readonly #say: (message: FromWorker, transfer?: Transferable[]) => void;
  readonly #cancelled = new Map<number, AbortController>();

  constructor(
    handler: Promise<Handler>,
    say: (message: FromWorker, transfer?: Transferable[]) => void,
  ) {
    this.#handler = handler;
    this.#say = say;
  }

  /** Gives the answer to one question, piece by piece. */
  async answer(id: number, path: string): Promise<void> {
    const cancel = new AbortController();
    this.#cancelled.set(id, cancel);
    try {
      const response = await this.#ask(path);
      const head = { status: response.status, headers: [...response.headers] };
      this.#say({ kind: "head", id, head });
      await this.#send(id, response, cancel.signal);
      this.#say({ kind: "end", id });
    } catch (error) {
      const why = messageOf(error);
      if (!cancel.signal.aborted) this.#say({ kind: "failed", id, why });
    } finally {
      this.#cancelled.delete(id);
    }
  }

  /** Nobody waits for an answer any more. */
  cancel(id: number): void {
    this.#cancelled.get(id)?.abort();
  }

  async #ask(path: string): Promise<Response> {
    const handler = await this.#handler;
    let url = absolute(path);
    for (let left = MOST_REDIRECTS;; left--) {
      const response = await handler(new Request(url));
      const location = response.headers.get("location");
      if (location === null || left === 0) {
        // Where the answer is from in the end: the page takes that for its address.
        response.headers.set("content-location", pathOf(url) + url.hash);
        return response;
      }
      url = absolute(location, url);
    }
  }

  async #send(id: number, response: Response, signal: AbortSignal): Promise<void> {
    const reader = response.body?.getReader();
    if (!reader) return;
    const stop = () => void reader.cancel();
    signal.addEventListener("abort", stop);
    for (;;) {
      const { done, value } = await reader.read();
      signal.throwIfAborted();
      if (done) return;
      const bytes = new Uint8Array(value);
      this.#say({ kind: "piece", id, bytes }, [bytes.buffer]);
    }
  }
}
