import { diff } from "./patch.ts";
import { messageOf } from "../../errors.ts";
import { warn } from "../../say.ts";

/** What is shown now: a view, and how much of its run has been read. */
export interface Content {
  view: object;
  loading: { done: number; total: number } | null;
  /** Whether nothing will change any more, as far as the database says. */
  final: boolean;
}

/** Where a broadcast's content comes from. */
export interface BroadcastSource {
  /** Calls `changed` when there may be something new; the function returned ends that. */
  watch(changed: () => void): () => void;
  /** The content now; null when there is no such thing (any more). */
  load(): Promise<Content | null>;
}

/** A sign of life for proxies, and for clocks that show silence, in ms. */
const HEARTBEAT_MS = 5_000;
/** Parsl may record a run's end before its last tasks: how long to watch on, in ms. */
const SETTLE_MS = 5_000;
/**
 * At most one twelfth of the time goes into making a content: one that took 10 ms is not made again
 * for 120 ms.
 */
const DUTY_CYCLE = 1 / 12;
/** What one connection gets in a second, in bytes, about. */
const BYTES_PER_SECOND = 16_000;
/** Rest for each subscriber after each message, in ms. */
const REST_MS = 1;
/** From one message to the next, in ms, at least; and at most, when there is something new. */
const SHORTEST_MS = 100;
const LONGEST_MS = 2_000;
/** The same while a run is being read: progress is cheap, and views are kept for a while. */
const LONGEST_LOADING_MS = 500;
/** Bytes that wait for one subscriber until it is left alone. */
const BACKLOG_BYTES = 64 * 1024;

interface Subscriber {
  controller: ReadableStreamDefaultController<Uint8Array>;
  /** It has not got the latest message: the next one must be whole. */
  behind: boolean;
}

const encoder = new TextEncoder();

/**
 * One view for all who watch it, as server-sent events. It is made, compared and encoded once for
 * all; a new subscriber gets it whole, and then what changes. One that does not keep up gets nothing
 * until it has read what waits for it, and then the whole again.
 */
export class Broadcast {
  readonly #source: BroadcastSource;
  readonly #closed: () => void;
  readonly #rate: number;
  readonly #subscribers = new Set<Subscriber>();
  #content: Content | null = null;
  #whole: Uint8Array | null = null;
  #loading = false;
  #again = false;
  #earliest = 0;
  #changed = Date.now();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #heart: ReturnType<typeof setInterval> | undefined;
  #unwatch: (() => void) | null = null;
  /** What went wrong last, as it was told on the terminal. */
  #told = "";
  /** How often the content was asked for. */
  loads = 0;

  /**
   * @param closed called when nobody subscribes any more
   * @param rate what one connection may get in a second, in bytes, about
   */
  constructor(source: BroadcastSource, closed: () => void, rate = BYTES_PER_SECOND) {
    this.#source = source;
    this.#rate = rate;
    this.#closed = closed;
  }

  /** How many watch. */
  get subscribers(): number {
    return this.#subscribers.size;
  }

  /** The events for one more subscriber. */
  subscribe(): ReadableStream<Uint8Array> {
    let own: Subscriber;
    return new ReadableStream<Uint8Array>({
      start: (controller) => {
        own = { controller, behind: true };
        this.#subscribers.add(own);
        if (this.#subscribers.size === 1) this.#open();
        else this.#sendWhole(own);
      },
      pull: () => {
        if (own.behind) this.#sendWhole(own);
      },
      cancel: () => {
        this.#subscribers.delete(own);
        if (this.#subscribers.size === 0) this.#close();
      },
    }, { highWaterMark: BACKLOG_BYTES, size: (bytes) => bytes.byteLength });
  }

  #open(): void {
    this.#unwatch = this.#source.watch(() => this.#wake());
    this.#heart = setInterval(() => this.#wake(true), HEARTBEAT_MS);
    this.#wake();
  }

  #close(): void {
    this.#unwatch?.();
    this.#unwatch = null;
    clearTimeout(this.#timer);
    clearInterval(this.#heart);
    this.#closed();
  }

  /** Asks for the content as soon as it is time. */
  #wake(beat = false): void {
    if (this.#loading) {
      this.#again = true;
      return;
    }
    if (this.#timer !== undefined) return;
    const wait = Math.max(0, this.#earliest - performance.now());
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#turn(beat);
    }, wait);
  }

  async #turn(beat: boolean): Promise<void> {
    this.#loading = true;
    const began = performance.now();
    let sent = 0;
    try {
      this.loads++;
      const content = await this.#source.load();
      if (this.#subscribers.size === 0) return;
      sent = content ? this.#publish(content, beat) : this.#end();
    } catch (error) {
      const told = `live view: ${messageOf(error)}`;
      if (told !== this.#told) warn(told);
      this.#told = told;
    } finally {
      this.#loading = false;
      const now = performance.now();
      const rest = Math.max(
        SHORTEST_MS,
        (now - began) / DUTY_CYCLE,
        sent / this.#rate * 1000,
        this.#subscribers.size * REST_MS,
      );
      this.#earliest = now +
        Math.min(this.#content?.loading ? LONGEST_LOADING_MS : LONGEST_MS, rest);
      const again = this.#again;
      this.#again = false;
      if (again && this.#subscribers.size > 0) this.#wake();
    }
  }

  /** Sends all subscribers what is new; returns the bytes each of them gets. */
  #publish(content: Content, beat: boolean): number {
    const before = this.#content;
    const change = before && diff(before.view, content.view);
    const progress = before && diff(before.loading, content.loading);
    this.#content = content;
    if (before === null || change || progress) {
      this.#changed = Date.now();
      this.#whole = null;
    }
    if (content.final && !content.loading && Date.now() - this.#changed >= SETTLE_MS) {
      return this.#end();
    }
    let message: Uint8Array | null = null;
    if (change || progress) {
      message = event({
        ...change ? { patch: change } : {},
        ...progress ? { loading: content.loading } : {},
      });
    } else if (beat) {
      message = encoder.encode(": still\n\n");
    }
    for (const subscriber of this.#subscribers) {
      if (subscriber.behind) this.#sendWhole(subscriber);
      else if (message) this.#send(subscriber, message);
    }
    return message?.byteLength ?? 0;
  }

  #send(subscriber: Subscriber, message: Uint8Array): void {
    if ((subscriber.controller.desiredSize ?? 0) > 0) subscriber.controller.enqueue(message);
    else subscriber.behind = true;
  }

  #sendWhole(subscriber: Subscriber): void {
    if (this.#content === null || (subscriber.controller.desiredSize ?? 0) <= 0) return;
    const { view, loading } = this.#content;
    this.#whole ??= event({ view, loading });
    subscriber.behind = false;
    subscriber.controller.enqueue(this.#whole);
  }

  #end(): number {
    const message = encoder.encode("event: end\ndata: {}\n\n");
    for (const { controller } of this.#subscribers) {
      controller.enqueue(message);
      controller.close();
    }
    this.#subscribers.clear();
    this.#close();
    return 0;
  }
}

function event(data: unknown): Uint8Array {
  return encoder.encode(`data: ${JSON.stringify(data)}\n\n`);
}
