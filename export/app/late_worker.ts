import type { ElkWorker } from "../../host/host.ts";

/** A worker whose script is still being made: what it is told waits for it. */
export class LateWorker implements ElkWorker {
  onmessage: ElkWorker["onmessage"] = null;
  onerror: ElkWorker["onerror"] = null;
  #worker: Worker | undefined;
  #ended = false;
  readonly #started: Promise<void>;

  /** @param script the address of the script, which is let go of once it is loaded */
  constructor(script: Promise<string>) {
    this.#started = script.then((url) => {
      if (this.#ended) return;
      const worker = new Worker(url);
      worker.onmessage = (event) => this.onmessage?.call(worker, event);
      worker.onerror = (event) => this.onerror?.call(worker, event);
      this.#worker = worker;
    }).catch(() => this.onerror?.call(this as unknown as Worker, new ErrorEvent("error")));
  }

  postMessage(message: unknown): void {
    void this.#started.then(() => this.#worker?.postMessage(message));
  }

  terminate(): void {
    this.#ended = true;
    this.#worker?.terminate();
  }
}
