/** The main thread's side of the thread that decodes and writes. */
import { DatabaseError } from "../../store/database.ts";
import { HubError } from "../signing/hub_error.ts";
import type { IngestAnswer, IngestRequest, StartFailure } from "./ingest_worker.ts";
import type { IngestAccounts } from "./ledger.ts";
import { warn as printWarning } from "../../say.ts";

/** A fault of ours: better a hub that ends loudly than one that receives and forgets. */
export function fail(error: { message: string }): never {
  printWarning(`parsloscope: the hub failed: ${error.message}`);
  Deno.exit(1);
}

/** The reliable lane's port is taken. */
export class PortInUse extends HubError {}

/** Starts it, asks it, and stops it. */
export class IngestThread {
  readonly #worker = new Worker(new URL("./ingest_worker.ts", import.meta.url), {
    type: "module",
  });
  readonly #asked = new Map<number, (accounts: IngestAccounts) => void>();
  #next = 0;
  #last: IngestAccounts | null = null;
  /** Gets sentences that a user may want to look into. */
  warn = (message: string) => printWarning(`parsloscope: ${message}`);

  /** Resolves when it receives and writes. */
  start(options: Extract<IngestRequest, { kind: "start" }>): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#worker.onmessage = ({ data }: MessageEvent<IngestAnswer>) => {
        switch (data.kind) {
          case "ready":
            return resolve();
          case "failed":
            this.#worker.terminate();
            return reject(FAILURES[data.reason](data.message, options.port));
          case "accounts":
            this.#asked.get(data.id)?.(data.accounts);
            this.#asked.delete(data.id);
            return;
          case "warning":
            return this.warn(data.message);
          case "stopped":
            this.#last = data.accounts;
            return this.#stopped?.(data.accounts);
          default:
            data satisfies never;
        }
      };
      this.#worker.onerror = (event) => {
        event.preventDefault();
        fail(event);
      };
      this.#worker.postMessage(options, [options.datagrams]);
    });
  }

  #stopped: ((accounts: IngestAccounts) => void) | null = null;

  terminate(): void {
    this.#worker.terminate();
  }

  accounts(): Promise<IngestAccounts> {
    if (this.#last) return Promise.resolve(this.#last);
    return new Promise((resolve) => {
      const id = this.#next++;
      this.#asked.set(id, resolve);
      this.#worker.postMessage({ kind: "accounts", id } satisfies IngestRequest);
    });
  }

  stop(): Promise<IngestAccounts> {
    return new Promise((resolve) => {
      this.#stopped = resolve;
      this.#worker.postMessage({ kind: "stop" } satisfies IngestRequest);
    });
  }
}

/** The error that stands for what kept the thread from starting. */
const FAILURES: Readonly<Record<StartFailure, (message: string, port: number) => Error>> = {
  "database": (message) => new DatabaseError(message),
  "in-use": (_message, port) =>
    new PortInUse(
      `TCP port ${port} is in use; choose another with --port, or --port 0 for any free one.`,
    ),
  "other": (message) => new HubError(message),
};
