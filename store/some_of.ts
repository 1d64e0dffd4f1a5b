/** Names of things that a message lists at most. */
const MOST = 8;

/** Some names for a message, the first of many, and how many more there are. */
export function someOf(names: readonly string[]): string {
  const shown = names.slice(0, MOST).join(", ");
  const more = names.length - MOST;
  return more > 0 ? `${shown} and ${more} more` : shown;
}
