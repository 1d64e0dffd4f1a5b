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
/** Milliseconds until it is found out again how many there may be: there may be room by then. */
const FOUND_MS = 10_000;
/** Answers that one connection may have under way: browsers ask for one after the other. */
const MOST_ANSWERS = 8;

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
  #foundAt = -Infinity;
  /** Those that nobody has a right to keep, in the order in which that came to be. */
  readonly #idle = new Set<Socket>();
  readonly #busy = new Set<Socket>();
  /** Answers under way. */
  readonly #answers = new Map<Socket, number>();
  #emptied: () => void = () => {};

  /** @param findMost gives how many there may be; asked when it matters, now and then */
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
      this.#answers.delete(socket);
      this.#emptied();
    });
    if (this.size >= this.#most && performance.now() - this.#foundAt > FOUND_MS) {
      this.#foundAt = performance.now();
      this.#most = Math.max(this.#most, this.#findMost());
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

  /** A request came; false, and the end of its connection, when that has too many answers under way. */
  asked(socket: Socket): boolean {
    const answers = (this.#answers.get(socket) ?? 0) + 1;
    this.#answers.set(socket, answers);
    if (answers > MOST_ANSWERS) socket.destroy();
    return answers <= MOST_ANSWERS;
  }

  /** Who asked on this connection may look: it stays until the answer has been sent. */
  busy(socket: Socket): void {
    if (!this.#idle.delete(socket) || socket.destroyed) return;
    this.#busy.add(socket);
  }

  /** An answer has been sent. */
  answered(socket: Socket): void {
    const answers = (this.#answers.get(socket) ?? 0) - 1;
    this.#answers.set(socket, answers);
    if (answers <= 0 && this.#busy.delete(socket) && !socket.destroyed) this.#idle.add(socket);
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
