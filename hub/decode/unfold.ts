/** What one body asks the database to write, within bounds. */
import type { Change } from "../../store/writer.ts";
import { changeFrom, changeOf } from "./changes.ts";
import { bundleOf, type Message, readBundled } from "./message.ts";
import { isOwnAlone, ownParts } from "./own_parts.ts";
import { MalformedMessage } from "./value.ts";

/**
 * Characters that may be written for each byte of a body, and beside them. A pickle names a text
 * again in two bytes: real lists of blocks are twice as long when they are written, and a hostile
 * one could be a million times.
 */
const CHARACTERS_PER_BYTE = 4;
const CHARACTERS_BESIDE = 2 ** 20;

/** A change, and the message that asks for it. */
interface Asked {
  message: Message;
  change: Change;
}

/**
 * The changes that the messages of one body ask for, each before the next message is looked at. Of
 * messages that one carries, each costs nothing but itself: what is wrong with the first of those
 * that are is thrown when the others are through.
 *
 * @param bytes of the body
 * @throws {MalformedMessage} when a field is missing or of another type, or when the texts are much
 *   longer together than the body
 */
export function* changesOf(messages: readonly Message[], bytes: number): Generator<Asked> {
  let left = CHARACTERS_BESIDE + CHARACTERS_PER_BYTE * bytes;
  for (const asked of askedBy(messages)) {
    for (const cell of asked.change.cells) if (typeof cell === "string") left -= cell.length;
    if (left < 0) throw new MalformedMessage("it unfolds to too much text");
    yield asked;
  }
}

function* askedBy(messages: readonly Message[]): Generator<Asked> {
  for (const message of messages) {
    const bundle = bundleOf(message);
    if (bundle === null) {
      yield* askedByOne(message);
      continue;
    }
    const wrong: MalformedMessage[] = [];
    for (const value of bundle) {
      try {
        for (const carried of readBundled(value)) yield* askedByOne(carried);
      } catch (error) {
        if (!(error instanceof MalformedMessage)) throw error;
        wrong.push(error);
      }
    }
    if (wrong.length === 0) continue;
    const reason = `${wrong.length} of ${bundle.length} messages in one: ${wrong[0].message}`;
    throw new MalformedMessage(reason, wrong.some(({ refused }) => refused));
  }
}

function* askedByOne(message: Message): Generator<Asked> {
  if (!isOwnAlone(message)) yield { message, change: changeOf(message) };
  for (const { kind, fields } of ownParts(message)) {
    yield { message, change: changeFrom(kind, message.runId, fields) };
  }
}
