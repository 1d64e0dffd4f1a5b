import type { Accounts } from "../accounts.ts";
import type { Signer } from "../signing/signer.ts";

/** How a lane is set up; all times are milliseconds. */
export interface LaneOptions {
  /** Address to listen on. */
  address: string;
  /** 0 picks a free port. */
  port: number;
  signer: Signer;
  /** What the hub says of itself: its version, and the path of its database. */
  hello: { hub: string; database: string };
  /**
   * Is given each message once, in the order of its client's numbers. The body is the callee's;
   * `at` is epoch milliseconds.
   */
  take: (client: string, sequence: number, body: Uint8Array, at: number) => void;
  /** The last number of a client that is committed; asked again until it answers. */
  acknowledged: (client: string) => Promise<number>;
  /** Counted up as things happen. `bytes` are those of all frames with a right signature. */
  counters: Accounts["lane"];
  /** Is told, in one sentence, of what a user may want to look into. */
  report?: (text: string) => void;
  /** Bytes of the largest frame; default 64 MiB. */
  maxFrame?: number;
  /** Bytes that may wait for their commit before reading stops; default 32 MiB. */
  maxWaiting?: number;
  /** Connections at most; unless given, what the limit on open files allows, and 4096 at most. */
  maxConnections?: number;
  /** A peer has so long to say hello and to prove who it is; default 10 s. */
  helloTimeout?: number;
  /** A frame may stand still for so long; default 30 s. */
  frameSilence?: number;
  /** A frame may be so late when others wait for the memory that it holds; default 10 s. */
  frameLateness?: number;
  /** A client without a connection is forgotten so long after; default one minute. */
  forgetAfter?: number;
}
