/** The bodies of the reliable lane: greeting, acknowledgements, numbered messages. */

/** Bytes of the sequence number before each message. */
export const SEQUENCE_BYTES = 8;
/** Characters of the longest client id. */
const LONGEST_ID = 100;
/** Numbers from here on up are not counted exactly: 2^53 / 2^32. */
const TOO_HIGH = 2 ** 21;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

/** The id of the client that says hello; null when the body is not a hello. */
export function readHello(body: Uint8Array): string | null {
  let hello: unknown;
  try {
    hello = JSON.parse(decoder.decode(body));
  } catch {
    return null;
  }
  if (typeof hello !== "object" || hello === null) return null;
  const { hello: version, client } = hello as { hello?: unknown; client?: unknown };
  if (version !== 1 || typeof client !== "string") return null;
  if (client.length === 0 || client.length > LONGEST_ID || !client.isWellFormed()) return null;
  // Ids are printed; control characters could do things to a terminal.
  return /\p{Cc}/u.test(client) ? null : client;
}

/** The hub's answer to a hello. */
export function answer(
  hub: string,
  database: string,
  client: string,
  acknowledged: number,
): Uint8Array {
  return encoder.encode(JSON.stringify({ hub, database, client, acknowledged }));
}

/** Says that all up to a number is committed. */
export function acknowledgement(client: string, acknowledged: number): Uint8Array {
  return encoder.encode(JSON.stringify({ client, acknowledged }));
}

/** The sequence number of a body; null when it has none from 1 to 2^53 - 1. */
export function sequenceOf(body: Uint8Array): number | null {
  if (body.length < SEQUENCE_BYTES) return null;
  const view = new DataView(body.buffer, body.byteOffset, SEQUENCE_BYTES);
  const high = view.getUint32(0);
  if (high >= TOO_HIGH) return null;
  const sequence = high * 2 ** 32 + view.getUint32(4);
  return sequence === 0 ? null : sequence;
}
