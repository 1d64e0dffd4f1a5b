import { keyOf } from "./what_varies.ts";

/** Why a try failed, without what differs from task to task. */
export interface Cause {
  /** The exception, as people read it: `type: message`. */
  label: string;
  /** Equal of all failures of one cause, and of no others. */
  key: string;
  /**
   * Of a failure that is the failure of other tasks (DependencyError, JoinError): the causes that
   * it began with, none where the text does not tell them. Null of every other failure.
   */
  roots: Cause[] | null;
}

/** The most of a label: so much of its beginning, and so much of its end. */
const LABEL_HEAD = 220;
const LABEL_TAIL = 79;

/** A cause by what it says; `roots` as in {@link Cause}. */
export function causeNamed(text: string, roots: Cause[] | null = null): Cause {
  const { length } = text;
  const label = length <= LABEL_HEAD + LABEL_TAIL + 1
    ? text
    : `${text.slice(0, LABEL_HEAD)}…${text.slice(-LABEL_TAIL)}`;
  return { label, key: keyOf(text), roots };
}
