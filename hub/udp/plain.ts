/**
 * Datagrams taken one by one through Deno's own API: for systems without recvmmsg, and without the
 * permission to call the C library. The receive buffer is the system's default, and a datagram that
 * was cut off cannot be told from a whole one; its signature does not fit then.
 */
import { setImmediate as turn } from "node:timers/promises";
import { parseAddress } from "./address.ts";
import {
  OpenFailure,
  openFailure,
  type TakeDatagram,
  type Transport,
  type TransportOptions,
} from "./transport.ts";

/** The part of Deno's unstable API that is used, so that its types need not be switched on. */
interface DatagramSocket {
  readonly addr: Deno.NetAddr;
  receive(buffer: Uint8Array): Promise<[Uint8Array, Deno.NetAddr]>;
  close(): void;
}
type Listen = (
  options: { transport: "udp"; hostname: string; port: number },
) => DatagramSocket;

/** Datagrams taken before others of the thread have a turn. */
const TURN = 256;

class PlainTransport implements Transport {
  readonly path = "listenDatagram";
  readonly socket = null;
  readonly buffer = null;
  readonly full = TURN;
  readonly port: number;
  readonly #socket: DatagramSocket;
  readonly #take: TakeDatagram;
  readonly #slot: Uint8Array;
  /** Address bytes by their text: workers are few and datagrams many. */
  readonly #addresses = new Map<string, Uint8Array>();
  #count = 0;
  #arrived: (() => void) | null = null;
  #failure: unknown = null;
  #closed = false;

  constructor(socket: DatagramSocket, slotBytes: number, take: TakeDatagram) {
    this.#socket = socket;
    this.#take = take;
    this.#slot = new Uint8Array(slotBytes);
    this.port = socket.addr.port;
    this.#pump();
  }

  async receive(wait: number): Promise<number> {
    // A turn brings few datagrams; the socket is empty when one brings none.
    for (let before = -1; this.#count > before && this.#count < TURN;) {
      before = this.#count;
      await turn();
    }
    if (this.#count === 0 && wait > 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, wait);
        this.#arrived = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      this.#arrived = null;
    }
    if (this.#failure !== null) throw this.#failure;
    const count = this.#count;
    this.#count = 0;
    return count;
  }

  /** Receives all the time, also while others wait for their turn. */
  async #pump(): Promise<void> {
    let untilTurn = TURN;
    try {
      while (!this.#closed) {
        const [bytes, from] = await this.#socket.receive(this.#slot);
        this.#count++;
        this.#take(bytes, from.port, this.#address(from.hostname), false);
        this.#arrived?.();
        if (--untilTurn > 0) continue;
        untilTurn = TURN;
        await turn();
      }
    } catch (error) {
      if (this.#closed) return;
      this.#failure = error;
      this.#arrived?.();
    }
  }

  #address(text: string): Uint8Array {
    const known = this.#addresses.get(text);
    if (known !== undefined) return known;
    if (this.#addresses.size >= 4096) this.#addresses.clear();
    const bytes = parseAddress(text) ?? new Uint8Array(4);
    this.#addresses.set(text, bytes);
    return bytes;
  }

  close(): void {
    this.#closed = true;
    this.#socket.close();
  }
}

function failureOf(error: unknown, address: string, port: number): OpenFailure {
  const { AddrInUse, AddrNotAvailable, NotCapable, PermissionDenied } = Deno.errors;
  if (error instanceof AddrInUse) return openFailure("in-use", address, port);
  if (error instanceof AddrNotAvailable) return openFailure("address", address, port);
  if (error instanceof PermissionDenied || error instanceof NotCapable) {
    return openFailure("permission", address, port);
  }
  return openFailure("other", address, port, (error as Error).message);
}

/** Opens a socket; throws `OpenFailure`. */
export function openPlain(options: TransportOptions, take: TakeDatagram): Transport {
  const { address, port } = options;
  if (parseAddress(address) === null) throw openFailure("address", address, port);
  const listen = (Deno as unknown as { listenDatagram?: Listen }).listenDatagram;
  if (listen === undefined) {
    throw openFailure("other", address, port, "Deno was started without --unstable-net");
  }
  try {
    const socket = listen({ transport: "udp", hostname: address, port });
    return new PlainTransport(socket, options.slotBytes, take);
  } catch (error) {
    throw failureOf(error, address, port);
  }
}
