/** Asking whether a hub with our key is at an address. */
import { inTime } from "../../store/in_time.ts";
import type { Signer } from "../signing/signer.ts";
import { frameOf, FrameSplitter } from "./frames.ts";
import { helloOf, isChallenge, newChallenge } from "./messages.ts";

/** Bytes of the longest answer to a hello. */
const LONGEST_ANSWER_BYTES = 4096;

/**
 * Whether what listens there holds the key that the signer signs with: it answers a hello, and gives
 * the nonce of it back. Nobody is displaced by that, for nothing is proven to the other side.
 *
 * @param timeout milliseconds to wait for its answer
 */
export async function holdsKey(
  place: { hostname: string; port: number },
  signer: Signer,
  timeout: number,
): Promise<boolean> {
  const client = `knock-${crypto.randomUUID()}`;
  const nonce = newChallenge();
  const own = signer.of(client);
  let conn: Deno.TcpConn;
  try {
    conn = await Deno.connect({ ...place, signal: AbortSignal.timeout(timeout) });
  } catch {
    return false;
  }
  try {
    const asking = ask(conn, signer, helloOf(client, nonce));
    const frame = await inTime(asking, timeout);
    const body = frame ? own.open(frame) : null;
    return body !== null && isChallenge(body, client, nonce);
  } finally {
    conn.close();
  }
}

/** The first frame that comes in answer to a body; null when the connection breaks or is misused. */
async function ask(
  conn: Deno.TcpConn,
  signer: Signer,
  body: Uint8Array,
): Promise<Uint8Array | null> {
  const splitter = new FrameSplitter(LONGEST_ANSWER_BYTES);
  try {
    const frame = frameOf(signer.sign(body), body);
    for (let at = 0; at < frame.length;) at += await conn.write(frame.subarray(at));
    for (;;) {
      const count = await conn.read(splitter.room());
      if (count === null) return null;
      const [first] = splitter.filled(count);
      if (first) return first;
    }
  } catch {
    return null;
  }
}
