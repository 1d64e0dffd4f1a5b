/** How many files and sockets this process may have open at a time. */

/** Linux's number for the limit on open files, and what it gives: two numbers of 64 bits. */
const RLIMIT_NOFILE = 7;
/** What is assumed where the system does not tell. */
const USUAL_LIMIT = 1024;
/** The largest number that means something; beyond it there is no limit. */
const NO_LIMIT = 2 ** 31;

/** The limit on open files of this process; the usual one where the system does not tell. */
export function descriptorLimit(): number {
  const name = "libc.so.6";
  if (Deno.build.os !== "linux") return USUAL_LIMIT;
  if (Deno.permissions.querySync({ name: "ffi", path: name }).state !== "granted") {
    return USUAL_LIMIT;
  }
  try {
    const libc = Deno.dlopen(name, {
      getrlimit: { parameters: ["i32", "buffer"], result: "i32" },
    });
    const limits = new BigUint64Array(2);
    const asked = libc.symbols.getrlimit(RLIMIT_NOFILE, limits);
    libc.close();
    return asked === 0 ? Math.min(Number(limits[0]), NO_LIMIT) : USUAL_LIMIT;
  } catch {
    return USUAL_LIMIT;
  }
}
