/** What one body asks the database to write, within bounds. */
import type { Change } from "../../store/writer.ts";
import { changeOf } from "./changes.ts";
import type { Message } from "./message.ts";
import { MalformedMessage } from "./value.ts";

/**
 * Characters that may be written for each byte of a body, and beside them. A pickle names a text
 * again in two bytes: real lists of blocks are twice as long when they are written, and a hostile
 * one could be a million times.
 */
const CHARACTERS_PER_BYTE = 4;
const CHARACTERS_BESIDE = 2 ** 20;

/**
 * The changes that the messages of one body ask for, each before the next message is looked at.
 *
 * @param bytes of the body
 * @throws {MalformedMessage} when a field is missing or of another type, or when the texts are much
 *   longer together than the body
 */
export function* changesOf(
  messages: readonly Message[],
  bytes: number,
): Generator<{ message: Message; change: Change }> {
  let left = CHARACTERS_BESIDE + CHARACTERS_PER_BYTE * bytes;
  for (const message of messages) {
    const change = changeOf(message);
    for (const cell of change.cells) if (typeof cell === "string") left -= cell.length;
    if (left < 0) throw new MalformedMessage("it unfolds to too much text");
    yield { message, change };
  }
}
