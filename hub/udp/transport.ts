/** What the receiver's loop needs of a socket, however datagrams are taken from the kernel. */

/** Gets each datagram; `bytes` and `address` are valid during the call only. */
export type TakeDatagram = (
  bytes: Uint8Array,
  port: number,
  address: Uint8Array,
  truncated: boolean,
) => void;

export interface TransportOptions {
  /** IPv4 or IPv6, as text. */
  address: string;
  /** 0 for any free one. */
  port: number;
  /** Receive buffer to ask of the kernel, in bytes. */
  bufferBytes: number;
  /** Go beyond the system's limit on receive buffers, where the user may (root). */
  forceBuffer: boolean;
  /** Room for one datagram, in bytes; what is longer is cut off. */
  slotBytes: number;
}

/** An open socket. */
export interface Transport {
  readonly path: "recvmmsg" | "listenDatagram";
  readonly port: number;
  /** Bytes of receive buffer that the kernel says it granted; null where it does not tell. */
  readonly buffer: number | null;
  /** The descriptor of the socket, to ask the kernel about it; null where that is not known. */
  readonly socket: number | null;
  /**
   * Takes what has come, waiting for the first datagram up to `wait` milliseconds; 0 does not wait.
   * Gives the number of datagrams taken.
   */
  receive(wait: number): number | Promise<number>;
  /** When `receive` gave at least as many as this, more have probably come already. */
  readonly full: number;
  close(): void;
}

export type OpenFailureReason = "in-use" | "permission" | "address" | "other";

/** The socket could not be opened; the message is for people. */
export class OpenFailure extends Error {
  override name = "OpenFailure";
  readonly reason: OpenFailureReason;
  constructor(reason: OpenFailureReason, message: string) {
    super(message);
    this.reason = reason;
  }
}

/** The failure for a reason, in words that a user understands; `detail` says more for "other". */
export function openFailure(
  reason: OpenFailureReason,
  address: string,
  port: number,
  detail = "",
): OpenFailure {
  const sentences: Record<OpenFailureReason, string> = {
    "in-use": `UDP port ${port} of ${address} is in use by another program`,
    permission: port > 0 && port < 1024
      ? `no permission to listen on UDP port ${port}; ports below 1024 need special rights`
      : `no permission to listen on UDP port ${port} of ${address}`,
    address: `${address} is not an address of this machine`,
    other: `cannot listen on UDP port ${port} of ${address}`,
  };
  return new OpenFailure(reason, sentences[reason] + (detail === "" ? "" : ` (${detail})`));
}
