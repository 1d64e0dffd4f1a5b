/** Names as parts of paths: run ids and names of apps may be any text. */

/** What no path can hold as a part: nothing, and what is taken for a step; and what stands for them. */
const NO_PART = /^~*\.{0,2}$/;

/**
 * A name as one part of a path, to be decoded once by {@link partName}. Other names than `.`, `..`,
 * none and those with a `~` before look as `encodeURIComponent` leaves them, and as Parsl has them.
 */
export function pathPart(name: string): string {
  // Halves of characters have no encoding.
  const whole = name.replace(/\p{Surrogate}/gu, "\ufffd");
  return NO_PART.test(whole) ? `~${whole}` : encodeURIComponent(whole);
}

/** The name that a part of a path stands for; what is no valid encoding stands for itself. */
export function partName(part: string): string {
  const name = decoded(part);
  return name.startsWith("~") && NO_PART.test(name) ? name.slice(1) : name;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
