/**
 * How many connections a server holds. A process that has no file descriptor left can open no
 * database either, and takes no new connection: so before that, those that ask for nothing go.
 */
import type { Socket } from "node:net";
import { freeDescriptors } from "./descriptors.ts";

/** Connections that are held where descriptors would do for more: a browser has some six. */
const MOST = 1000;
/** Descriptors left for databases, their logs, and a hub. */
const RESERVE = 96;
const LEAST = 16;
const FEW = 16;

/**
 * So many connections are held.
 *
 * @param shared whether a hub in the same process holds connections, too
 */
export function mostConnections(shared: boolean, free = freeDescriptors): number {
  const left = free(2 * MOST + RESERVE) - RESERVE;
  return Math.min(MOST, Math.max(LEAST, shared ? Math.floor(left / 2) : left));
}

/** The connections of a server; the oldest that ask for nothing go when there are too many. */
export class Connections {
  readonly #findMost: () => number;
  /** Enough for a few browsers; whether there may be more is found out when there are so many. */
  #most = FEW;
  #isFound = false;
  /** Those that have not asked yet, or have their answer, in the order in which that came to be. */
  readonly #idle = new Set<Socket>();
  readonly #busy = new Set<Socket>();
  #emptied: () => void = () => {};

  /** @param findMost gives how many there may be; asked once, when it matters */
  constructor(findMost: () => number) {
    this.#findMost = findMost;
  }

  get size(): number {
    return this.#idle.size + this.#busy.size;
  }

  /** Takes a new connection; in the place of an idle one, or not at all, when there are too many. */
  take(socket: Socket): void {
    socket.once("close", () => {
      this.#idle.delete(socket);
      this.#busy.delete(socket);
      this.#emptied();
    });
    if (this.size >= this.#most && !this.#isFound) {
      this.#isFound = true;
      this.#most = this.#findMost();
    }
    if (this.size >= this.#most) {
      const [oldest] = this.#idle;
      if (!oldest) {
        socket.destroy();
        return;
      }
      this.#idle.delete(oldest);
      oldest.destroy();
    }
    this.#idle.add(socket);
  }

  /** An answer is being made for this connection. */
  busy(socket: Socket): void {
    if (!this.#idle.delete(socket) || socket.destroyed) return;
    this.#busy.add(socket);
  }

  /** The answer has been sent, or is one that nobody has a right to wait for. */
  idle(socket: Socket): void {
    if (this.#busy.delete(socket) && !socket.destroyed) this.#idle.add(socket);
  }

  /** Ends those that are idle at once, and after so many milliseconds all; resolves when none is left. */
  async ended(milliseconds: number): Promise<void> {
    for (const socket of this.#idle) socket.destroy();
    const timer = setTimeout(() => {
      for (const socket of this.#busy) socket.destroy();
    }, milliseconds);
    await new Promise<void>((resolve) => {
      const look = () => this.size === 0 ? resolve() : this.#emptied = look;
      look();
    });
    clearTimeout(timer);
  }
}
