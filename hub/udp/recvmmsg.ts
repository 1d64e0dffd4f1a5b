/** Datagrams taken from the kernel many at a time, by recvmmsg of the C library. */
import { parseAddress } from "./address.ts";
import { type Libc, LINUX } from "./libc.ts";
import {
  openFailure,
  type OpenFailureReason,
  type TakeDatagram,
  type Transport,
  type TransportOptions,
} from "./transport.ts";

/** Datagrams per call at most. */
const SLOTS = 256;
/** Bytes of a `struct mmsghdr`, and where its members are, in 32-bit words. */
const HEADER_BYTES = 64;
const FLAGS = 12;
const LENGTH = 14;
/** Bytes kept for each sender's address; `sockaddr_in6` needs 28. */
const NAME = 32;
/** Slots begin this much apart beyond their size, so that they do not share cache lines' places. */
const SKEW = 576;
/** The largest page of the systems that are supported. */
const PAGE_BYTES = 65_536;
/** Never notified: waiting on it is a pause. */
const PAUSE = new Int32Array(new SharedArrayBuffer(4));

function reasonOf(errno: number): OpenFailureReason {
  switch (errno) {
    case LINUX.EADDRINUSE:
      return "in-use";
    case LINUX.EACCES:
    case LINUX.EPERM:
      return "permission";
    case LINUX.EADDRNOTAVAIL:
    case LINUX.EAFNOSUPPORT:
      return "address";
    default:
      return "other";
  }
}

/** `sockaddr_in` or `sockaddr_in6`. */
function socketAddress(address: Uint8Array, port: number): Uint8Array<ArrayBuffer> {
  const name = new Uint8Array(new ArrayBuffer(address.length === 4 ? 16 : 28));
  const view = new DataView(name.buffer);
  view.setUint16(0, address.length === 4 ? LINUX.AF_INET : LINUX.AF_INET6, true);
  view.setUint16(2, port);
  name.set(address, address.length === 4 ? 4 : 8);
  return name;
}

/** Asks for a large receive buffer and gives what was granted (Linux says twice what is usable). */
function growBuffer(libc: Libc, socket: number, options: TransportOptions): number | null {
  const value = new Int32Array(new ArrayBuffer(4));
  const set = (option: number): boolean => {
    value[0] = options.bufferBytes;
    return libc.calls.setsockopt(socket, LINUX.SOL_SOCKET, option, value, 4) === 0;
  };
  if (!options.forceBuffer || !set(LINUX.SO_RCVBUFFORCE)) set(LINUX.SO_RCVBUF);
  const size = new Uint32Array(new ArrayBuffer(4));
  size[0] = 4;
  const asked = libc.calls.getsockopt(socket, LINUX.SOL_SOCKET, LINUX.SO_RCVBUF, value, size);
  return asked === 0 ? value[0] : null;
}

class RecvmmsgTransport implements Transport {
  readonly path = "recvmmsg";
  readonly full = SLOTS;
  readonly port: number;
  readonly buffer: number | null;
  readonly #libc: Libc;
  readonly socket: number;
  readonly #take: TakeDatagram;
  readonly #slots: Uint8Array<ArrayBuffer>;
  readonly #stride: number;
  readonly #headers: Uint32Array<ArrayBuffer>;
  readonly #addresses: Uint8Array[];
  readonly #ports: DataView;
  readonly #names: Uint8Array<ArrayBuffer>;
  readonly #poll: Int32Array<ArrayBuffer>;
  #longest = 0;

  constructor(
    libc: Libc,
    socket: number,
    port: number,
    addressBytes: number,
    options: TransportOptions,
    take: TakeDatagram,
  ) {
    this.#libc = libc;
    this.socket = socket;
    this.#take = take;
    this.port = port;
    this.buffer = growBuffer(libc, socket, options);
    this.#stride = options.slotBytes + SKEW;
    this.#slots = new Uint8Array(new ArrayBuffer(SLOTS * this.#stride));
    this.#names = new Uint8Array(new ArrayBuffer(SLOTS * NAME));
    this.#ports = new DataView(this.#names.buffer);
    this.#addresses = Array.from({ length: SLOTS }, (_, i) => {
      const start = i * NAME + (addressBytes === 4 ? 4 : 8);
      return this.#names.subarray(start, start + addressBytes);
    });
    this.#headers = new Uint32Array(new ArrayBuffer(SLOTS * (HEADER_BYTES + 16)));
    this.#fillHeaders(options.slotBytes);
    this.#poll = new Int32Array(new ArrayBuffer(8));
    this.#poll[0] = socket;
    this.#poll[1] = LINUX.POLLIN;
    this.#advise(LINUX.MADV_NOHUGEPAGE);
  }

  /** The headers, and behind them one `struct iovec` each. The kernel leaves them as they are. */
  #fillHeaders(slotBytes: number): void {
    const address = (bytes: BufferSource) => Deno.UnsafePointer.value(Deno.UnsafePointer.of(bytes));
    const [slots, names, headers] = [this.#slots, this.#names, this.#headers].map(address);
    const view = new DataView(this.#headers.buffer);
    for (let i = 0; i < SLOTS; i++) {
      const header = i * HEADER_BYTES;
      const vector = SLOTS * HEADER_BYTES + i * 16;
      view.setBigUint64(header, names + BigInt(i * NAME), true);
      view.setUint32(header + 8, NAME, true);
      view.setBigUint64(header + 16, headers + BigInt(vector), true);
      view.setBigUint64(header + 24, 1n, true);
      view.setBigUint64(vector, slots + BigInt(i * this.#stride), true);
      view.setBigUint64(vector + 8, BigInt(slotBytes), true);
    }
  }

  receive(wait: number): number {
    const count = this.#look();
    if (count > 0 || wait === 0) return count;
    if (this.#longest > 0) this.#giveBack();
    this.#poll[1] = LINUX.POLLIN;
    if (this.#libc.calls.poll(this.#poll, 1n, wait) !== 1) return 0;
    const found = this.#look();
    // A datagram with a wrong checksum, or a failing socket: not to be asked again at once.
    if (found === 0) Atomics.wait(PAUSE, 0, 0, 5);
    return found;
  }

  #look(): number {
    const { recvmmsg } = this.#libc.calls;
    const count = recvmmsg(this.socket, this.#headers, SLOTS, LINUX.MSG_DONTWAIT, null);
    for (let i = 0; i < count; i++) {
      const length = this.#headers[i * 16 + LENGTH];
      if (length > this.#longest) this.#longest = length;
      const start = i * this.#stride;
      this.#take(
        this.#slots.subarray(start, start + length),
        this.#ports.getUint16(i * NAME + 2),
        this.#addresses[i],
        (this.#headers[i * 16 + FLAGS] & LINUX.MSG_TRUNC) !== 0,
      );
    }
    return Math.max(count, 0);
  }

  /** An idle receiver holds no memory of the datagrams that were. */
  #giveBack(): void {
    if (this.#longest > 4096) this.#advise(LINUX.MADV_DONTNEED);
    this.#longest = 0;
  }

  /** Advises the kernel about the whole pages of the slots. */
  #advise(advice: number): void {
    const begin = Deno.UnsafePointer.value(Deno.UnsafePointer.of(this.#slots));
    const page = BigInt(PAGE_BYTES);
    const first = (begin + page - 1n) / page * page;
    const length = (begin + BigInt(this.#slots.length)) / page * page - first;
    if (length > 0n) {
      this.#libc.calls.madvise(Deno.UnsafePointer.create(first), length, advice);
    }
  }

  close(): void {
    this.#libc.calls.close(this.socket);
    this.#libc.release();
  }
}

/** Opens a socket; throws `OpenFailure`. The transport releases `libc` when it is closed. */
export function openRecvmmsg(
  libc: Libc,
  options: TransportOptions,
  take: TakeDatagram,
): Transport {
  const { address, port } = options;
  const bytes = parseAddress(address);
  if (bytes === null) throw openFailure("address", address, port);
  const family = bytes.length === 4 ? LINUX.AF_INET : LINUX.AF_INET6;
  const { calls } = libc;
  const socket = calls.socket(family, LINUX.SOCK_DGRAM | LINUX.SOCK_CLOEXEC, 0);
  const fail = () => {
    const errno = libc.errno();
    if (socket >= 0) calls.close(socket);
    const reason = reasonOf(errno);
    return openFailure(reason, address, port, reason === "other" ? `error ${errno}` : "");
  };
  if (socket < 0) throw fail();
  const name = socketAddress(bytes, port);
  if (calls.bind(socket, name, name.length) !== 0) throw fail();
  const size = new Uint32Array(new ArrayBuffer(4));
  size[0] = name.length;
  if (calls.getsockname(socket, name, size) !== 0) throw fail();
  const bound = new DataView(name.buffer).getUint16(2);
  return new RecvmmsgTransport(libc, socket, bound, bytes.length, options, take);
}
