/** The most causes that are told apart, and the most of one text that is kept. */
const MOST_CAUSES = 1000;
const LONGEST_EXAMPLE = 4000;
const OTHER = "other failures";

/** Why tries failed: every distinct cause once, with one text to the letter. */
export class Causes {
  readonly list: string[] = [];
  readonly examples: string[] = [];
  readonly #index = new Map<string, number>();

  /** Bytes taken, roughly. */
  get bytes(): number {
    return this.list.length * 600 + this.examples.reduce((sum, text) => sum + text.length, 0);
  }

  /** The index of the cause that a fail history names; beyond 1,000 causes all share the last. */
  of(history: string): number {
    const cause = causeOf(history);
    const known = this.#index.get(cause);
    if (known !== undefined) return known;
    const full = this.list.length >= MOST_CAUSES;
    if (full) return this.#index.get(OTHER) ?? this.#add(OTHER, history);
    return this.#add(cause, history);
  }

  #add(cause: string, history: string): number {
    const cut = history.length > LONGEST_EXAMPLE ? `…${history.slice(-LONGEST_EXAMPLE)}` : history;
    this.#index.set(cause, this.list.length);
    this.examples.push(cut);
    return this.list.push(cause) - 1;
  }
}

/** The most of a cause, and of what is searched for those behind it. */
const LONGEST_CAUSE = 300;
const LONGEST_SEARCH = 20_000;
/** How Parsl writes a failure that is the failure of others: a list of those, each with its task. */
const OF_OTHERS = /^(DependencyError|JoinError)\(\[/;
/** One of the others that is not such a failure itself. */
const ANOTHER = /(?:\[|, )\((?!(?:DependencyError|JoinError)\()(.{1,300}?), 'task …'\)/g;

/**
 * The last exception of a fail history, without what differs from task to task. Failures of the tasks
 * that one depends on, or has joined, are followed to where they began.
 */
export function causeOf(history: string): string {
  const text = history.trimEnd();
  const last = text.slice(text.lastIndexOf("\n") + 1).trim();
  // What is cut away in the end need not be searched; a digit leaves one character at least.
  const cause = last.slice(0, LONGEST_SEARCH)
    .replace(/\b0x[0-9a-f]+\b/gi, "…").replace(/\d+/g, "…");
  return beginningOf(cause).slice(0, LONGEST_CAUSE);
}

function beginningOf(cause: string): string {
  const [, name] = OF_OTHERS.exec(cause) ?? [];
  if (name === undefined) return cause;
  const others = new Set(Array.from(cause.matchAll(ANOTHER), ([, other]) => other));
  // Parsl writes `(...)` for what is too deep.
  return others.size === 0 ? `${name}(…)` : `${name} from ${[...others].sort().join(", ")}`;
}
