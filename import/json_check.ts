/** What a JSON text would become in memory, told before it is parsed. */

/** Levels of lists and objects within each other; traces have some ten. */
const DEEPEST = 500;
/** Bytes that each takes in the runtime's heap, about. */
const OBJECT_BYTES = 64;
const LIST_BYTES = 48;
const VALUE_BYTES = 24;

const QUOTE = 34;
const COMMA = 44;
const COLON = 58;
const OPEN_LIST = 91;
const BACKSLASH = 92;
const CLOSE_LIST = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;

/** What is told of a text. */
export interface JsonSize {
  /** Whether lists and objects are in each other deeper than any trace needs. */
  isTooDeep: boolean;
  /** Bytes of memory that its values take, about. */
  bytes: number;
}

/** Goes through a text once, and makes nothing of it. It need not be JSON. */
export function jsonSize(text: string): JsonSize {
  let [bytes, depth, deepest] = [text.length, 0, 0];
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case QUOTE:
        at = endOfText(text, at);
        break;
      case COMMA:
      case COLON:
        bytes += VALUE_BYTES;
        break;
      case OPEN_LIST:
      case OPEN_OBJECT:
        bytes += text.charCodeAt(at) === OPEN_LIST ? LIST_BYTES : OBJECT_BYTES;
        if (++depth > deepest) deepest = depth;
        break;
      case CLOSE_LIST:
      case CLOSE_OBJECT:
        depth--;
        break;
    }
  }
  return { isTooDeep: deepest > DEEPEST, bytes };
}

/** Where the text ends that begins at a quote. */
function endOfText(text: string, at: number): number {
  for (at++; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) return at;
    if (code === BACKSLASH) at++;
  }
  return at;
}
