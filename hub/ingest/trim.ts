/** Giving memory back to the system after a burst. */

/** glibc's number for the size from which memory is mapped, and so given back when it is freed. */
const M_MMAP_THRESHOLD = -3;
const LARGE = 1 << 17;

/** Milliseconds between looks whether there is something to give back. */
const PERIOD_MS = 5000;

/**
 * Gives freed memory back whenever a burst is over: glibc keeps it otherwise, in the arenas of all
 * threads. Does nothing where the C library has no `malloc_trim` or may not be called.
 *
 * @param done how much has been done so far: as long as it grows, memory is needed
 * @returns ends it
 */
export function trimWhenQuiet(done: () => number): () => void {
  const trim = openTrim();
  if (trim === null) return () => {};
  // Left alone, glibc raises this with every large buffer, and keeps the next ones in its arenas.
  trim.symbols.mallopt(M_MMAP_THRESHOLD, LARGE);
  let trimmed = done();
  let before = trimmed;
  const timer = setInterval(() => {
    const now = done();
    if (now === before && now !== trimmed) {
      trim.symbols.malloc_trim(0n);
      trimmed = now;
    }
    before = now;
  }, PERIOD_MS);
  return () => {
    clearInterval(timer);
    trim.close();
  };
}

function openTrim() {
  const name = "libc.so.6";
  if (Deno.build.os !== "linux") return null;
  if (Deno.permissions.querySync({ name: "ffi", path: name }).state !== "granted") return null;
  try {
    return Deno.dlopen(name, {
      malloc_trim: { parameters: ["usize"], result: "i32" },
      mallopt: { parameters: ["i32", "i32"], result: "i32" },
    });
  } catch {
    return null;
  }
}
