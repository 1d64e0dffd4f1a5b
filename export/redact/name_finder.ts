/** Names of this many characters are found inside words as well: in `alice2`, not only in `alice`. */
const LONG = 5;

interface Node {
  next: Map<number, Node>;
  /** What stands for the name that ends here; null where none does. */
  stand: Stand | null;
}

interface Stand {
  text: string;
  /** Whether `.domain` after the name belongs to it. */
  dotted: boolean;
}

/** Finds many names in texts at once, in time that hardly grows with their number. */
export class NameFinder {
  readonly #root: Node = { next: new Map(), stand: null };

  /**
   * Adds a name; the first stand-in given for it stays.
   *
   * @param dotted whether `.domain` after the name is replaced with it
   */
  add(name: string, stand: string, dotted = false): void {
    let node = this.#root;
    for (const code of codes(name)) {
      let next = node.next.get(code);
      if (!next) node.next.set(code, next = { next: new Map(), stand: null });
      node = next;
    }
    node.stand ??= { text: stand, dotted };
  }

  /** A text with the stand-ins instead of the names, in whatever case they are written. */
  replace(text: string): string {
    const folded = codes(text);
    let result = "";
    let copied = 0;
    for (let at = 0; at < folded.length; at++) {
      const found = this.#longest(text, folded, at);
      if (!found) continue;
      result += text.slice(copied, at) + found.text;
      copied = found.end;
      at = found.end - 1;
    }
    return copied === 0 ? text : result + text.slice(copied);
  }

  #longest(text: string, folded: Uint16Array, at: number): { text: string; end: number } | null {
    let node: Node | undefined = this.#root;
    let found: { text: string; end: number } | null = null;
    for (let end = at; end < folded.length; end++) {
      node = node.next.get(folded[end]);
      if (!node) break;
      const { stand } = node;
      if (!stand) continue;
      const after = end + 1;
      if (after - at >= LONG) {
        found = { text: stand.text, end: endOf(text, wordEnd(text, after), stand.dotted) };
      } else if (startsWord(text, at) && !isWord(text, after)) {
        found = { text: stand.text, end: endOf(text, after, stand.dotted) };
      }
    }
    return found;
  }
}

/** The characters of a text, those of A to Z as small ones. */
function codes(text: string): Uint16Array {
  const folded = new Uint16Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    folded[i] = code >= 65 && code <= 90 ? code + 32 : code;
  }
  return folded;
}

function isWord(text: string, at: number): boolean {
  return at < text.length && /[\p{L}\p{N}]/u.test(text[at]);
}

/** Whether a word may begin at a place; escapes as in Python's repr, such as `\n`, end one. */
function startsWord(text: string, at: number): boolean {
  if (at === 0 || !isWord(text, at - 1)) return true;
  return /\\(?:[abfnrtv0]|x[0-9a-f]{2}|u[0-9a-f]{4}|U[0-9a-f]{8})$/.test(
    text.slice(Math.max(0, at - 10), at),
  );
}

function wordEnd(text: string, at: number): number {
  while (isWord(text, at)) at++;
  return at;
}

function endOf(text: string, at: number, dotted: boolean): number {
  while (dotted && text[at] === "." && isWord(text, at + 1)) {
    at = wordEnd(text, at + 1);
    while (text[at] === "-" && isWord(text, at + 1)) at = wordEnd(text, at + 1);
  }
  return at;
}
