/** The bodies of the reliable lane: greeting, acknowledgements, numbered messages. */
import { randomBytes } from "node:crypto";

/** The version of the protocol that this hub speaks (docs/protocol.md). */
export const LANE_VERSION = 2;

/** Bytes of the sequence number before each message. */
export const SEQUENCE_BYTES = 8;
/** Characters of the longest client id. */
const LONGEST_ID = 100;
/** Characters of the shortest and the longest nonce. */
const NONCE_LENGTHS = [16, 128] as const;
/** Bytes of a challenge. */
const CHALLENGE_BYTES = 32;
/** Numbers from here on up are not counted exactly: 2^53 / 2^32. */
const TOO_HIGH = 2 ** 21;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

/** What a client says first. */
export interface Hello {
  version: number;
  client: string;
  /** Drawn anew for this connection; empty in a hello of version 1, which has none. */
  nonce: string;
}

function parse(body: Uint8Array): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(decoder.decode(body));
    return typeof value === "object" && value !== null ? value as Record<string, unknown> : null;
  } catch {
    return null;
  }
}

/** What a hello says; null when the body is not a hello of any version. */
export function readHello(body: Uint8Array): Hello | null {
  const { hello: version, client, nonce = "" } = parse(body) ?? {};
  if (typeof version !== "number" || typeof client !== "string") return null;
  if (client.length === 0 || client.length > LONGEST_ID || !client.isWellFormed()) return null;
  // Ids are printed; control characters could do things to a terminal.
  if (/\p{Cc}/u.test(client) || typeof nonce !== "string") return null;
  const [shortest, longest] = NONCE_LENGTHS;
  if (version >= 2 && (nonce.length < shortest || nonce.length > longest)) return null;
  return { version, client, nonce };
}

/** The body of a hello of this version. */
export function helloOf(client: string, nonce: string): Uint8Array {
  return encoder.encode(JSON.stringify({ hello: LANE_VERSION, client, nonce }));
}

/** What a client has to sign with its own key to show that it is there now. */
export function newChallenge(): string {
  return randomBytes(CHALLENGE_BYTES).toString("hex");
}

/** The hub's answer to a hello: it shows by the nonce that it is there now, and asks for the same. */
export function challengeOf(hub: string, { client, nonce }: Hello, challenge: string): Uint8Array {
  return encoder.encode(JSON.stringify({ hub, client, nonce, challenge }));
}

/** Whether a body is an answer to a client's hello with this nonce. */
export function isChallenge(body: Uint8Array, client: string, nonce: string): boolean {
  const said = parse(body);
  return said?.client === client && said.nonce === nonce && typeof said.challenge === "string";
}

/** Whether a body gives a challenge back. */
export function isProof(body: Uint8Array, challenge: string): boolean {
  const { proof } = parse(body) ?? {};
  return proof === challenge;
}

/**
 * What a client of an older version is told. Clients of version 1 take an answer without a number
 * for a failure and print it, but for those of other programs, which pass over an answer that is
 * meant for another client: to them a number that is none would be an acknowledgement.
 */
export function refusalOf(hub: string, sentence: string): Uint8Array {
  return encoder.encode(
    JSON.stringify({ hub, client: null, acknowledged: sentence, refused: sentence }),
  );
}

/** The hub's answer to a proof. */
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
