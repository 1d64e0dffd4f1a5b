import type { FromWorker, ToWorker } from "./wire.ts";

interface Asked {
  resolve(response: Response): void;
  reject(error: Error): void;
  body?: ReadableStreamDefaultController<Uint8Array>;
}

/** The app in the report's worker, as the page asks it. */
export class RemoteApp {
  readonly #worker: Worker;
  readonly #asked = new Map<number, Asked>();
  #last = 0;
  #broken: Error | null = null;

  /** @param broken called when the worker cannot go on; every answer fails from then on */
  constructor(worker: Worker, broken: (why: Error) => void) {
    this.#worker = worker;
    worker.onmessage = ({ data }: MessageEvent<FromWorker>) => this.#hear(data);
    worker.onerror = (event) => {
      this.#broken = new Error(event.message || "The report's worker could not be started.");
      for (const asked of this.#asked.values()) this.#fail(asked, this.#broken);
      this.#asked.clear();
      broken(this.#broken);
    };
  }

  /** Tells the worker something. */
  tell(message: ToWorker): void {
    this.#worker.postMessage(message);
  }

  /** The app's answer to a GET of a path; rejects when the worker fails or `signal` aborts. */
  request(path: string, signal?: AbortSignal | null): Promise<Response> {
    if (this.#broken) return Promise.reject(this.#broken);
    const id = ++this.#last;
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const asked: Asked = { resolve, reject };
      this.#asked.set(id, asked);
      signal?.addEventListener("abort", () => {
        if (!this.#asked.has(id)) return;
        this.#cancel(id);
        this.#fail(asked, signal.reason);
      });
      this.tell({ kind: "ask", id, path });
    });
  }

  #cancel(id: number): void {
    this.#asked.delete(id);
    this.tell({ kind: "cancel", id });
  }

  #hear(said: FromWorker): void {
    const asked = this.#asked.get(said.id);
    if (!asked) return;
    switch (said.kind) {
      case "head": {
        const body = new ReadableStream<Uint8Array>({
          start: (controller) => {
            asked.body = controller;
          },
          cancel: () => this.#cancel(said.id),
        });
        const { status, headers } = said.head;
        return asked.resolve(new Response(hasBody(status) ? body : null, { status, headers }));
      }
      case "piece":
        return asked.body?.enqueue(said.bytes);
      case "end":
        this.#asked.delete(said.id);
        return asked.body?.close();
      case "failed":
        this.#asked.delete(said.id);
        return this.#fail(asked, new Error(said.why));
    }
  }

  #fail(asked: Asked, error: Error): void {
    asked.reject(error);
    asked.body?.error(error);
  }
}

function hasBody(status: number): boolean {
  return ![204, 205, 304].includes(status);
}
