/**
 * Where connections come in, and that they go on doing so. When a process has no file descriptor left
 * for a connection, Deno's listener takes no further one, for ever and without a word: so somebody
 * knocks now and then, and when nobody opens, there is a new listener in the same place.
 */
import { connect, type Server } from "node:net";

/** Milliseconds between looks. */
const LOOK_MS = 5000;
/** Milliseconds within which a connection of our own is taken, once the process has a turn. */
const PATIENCE_MS = 2000;

/** An address or a path, as `node:net` connects to it. */
export type Spot = { host: string; port: number } | { path: string };

/** Keeps a server's connections coming. */
export class Door {
  readonly #spot: Spot;
  readonly #open: () => Promise<Server>;
  readonly #lookMs: number;
  readonly #timer: ReturnType<typeof setInterval>;
  #listener: Server;
  #heard = false;
  #looking = false;
  #closed = false;

  /**
   * @param listener listens already
   * @param spot where to knock
   * @param open begins to listen in the same place, when the last listener is closed
   */
  constructor(listener: Server, spot: Spot, open: () => Promise<Server>, lookMs = LOOK_MS) {
    this.#listener = listener;
    this.#spot = spot;
    this.#open = open;
    this.#lookMs = lookMs;
    listener.on("connection", () => this.#heard = true);
    this.#timer = setInterval(() => void this.#look(), lookMs);
    Deno.unrefTimer(Number(this.#timer));
  }

  /** Takes no connections any more. */
  close(): void {
    this.#closed = true;
    clearInterval(this.#timer);
    this.#listener.close();
  }

  async #look(): Promise<void> {
    const wasHeard = this.#heard;
    this.#heard = false;
    if (wasHeard || this.#looking) return;
    this.#looking = true;
    if (await this.#knocks() && !this.#heard && !this.#closed) await this.#renew();
    this.#looking = false;
  }

  /** Connects, and waits until that is heard or should have been; false when one cannot connect. */
  #knocks(): Promise<boolean> {
    return new Promise((resolve) => {
      const socket = connect(this.#spot);
      const end = (knocked: boolean) => {
        clearTimeout(timer);
        socket.destroy();
        resolve(knocked);
      };
      const timer = setTimeout(() => end(true), Math.min(PATIENCE_MS, this.#lookMs));
      socket.once("error", () => end(false));
    });
  }

  /** Listens anew; when there is no descriptor for it, at the next look. */
  async #renew(): Promise<void> {
    this.#listener.close();
    try {
      this.#listener = await this.#open();
      this.#listener.on("connection", () => this.#heard = true);
      if (this.#closed) this.#listener.close();
    } catch {
      // At the next look, then.
    }
  }
}
