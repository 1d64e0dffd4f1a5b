/** Files and folders that are there while something is made, and go when the program ends before. */

const held = new Set<string>();

/**
 * Has a path removed, with all that is in it, if the program exits before the returned function is
 * called. What is killed without a word leaves it.
 */
export function holdTemporary(path: string): () => void {
  if (held.size === 0) globalThis.addEventListener("unload", removeHeld);
  held.add(path);
  return () => {
    held.delete(path);
    if (held.size === 0) globalThis.removeEventListener("unload", removeHeld);
  };
}

function removeHeld(): void {
  for (const path of held) {
    try {
      Deno.removeSync(path, { recursive: true });
    } catch {
      // It was removed already, or never made.
    }
  }
}
