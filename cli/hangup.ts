/** Whether the program was started so that a hang-up does not reach it, as by `nohup`. */

/** A handler's address that stands for "ignored". */
const SIG_IGN = 1n;
const SIGHUP = 1;
/** More than `struct sigaction` takes on any system; its handler comes first. */
const ACTION_BYTES = 256;

/**
 * Whether hang-ups are ignored. Where neither the system's own account nor libc may be asked, as by an
 * import or an export, they are not: what is half done goes, and can be done again.
 */
export function isHangupIgnored(): boolean {
  return byAccount() ?? byLibc() ?? false;
}

function byAccount(): boolean | null {
  const path = `/proc/${Deno.pid}/status`;
  // Nobody is to be asked for a permission.
  if (Deno.build.os !== "linux") return null;
  if (Deno.permissions.querySync({ name: "read", path }).state !== "granted") return null;
  try {
    const status = Deno.readTextFileSync(path);
    const mask = /^SigIgn:\s*([0-9a-f]+)$/m.exec(status);
    return mask && (BigInt(`0x${mask[1]}`) & 1n) === 1n;
  } catch {
    return null;
  }
}

function byLibc(): boolean | null {
  const name = Deno.build.os === "darwin" ? "libSystem.dylib" : "libc.so.6";
  if (Deno.permissions.querySync({ name: "ffi", path: name }).state !== "granted") return null;
  try {
    const libc = Deno.dlopen(name, {
      sigaction: { parameters: ["i32", "pointer", "buffer"], result: "i32" },
    });
    const action = new BigUint64Array(ACTION_BYTES / 8);
    const failed = libc.symbols.sigaction(SIGHUP, null, action);
    libc.close();
    return failed === 0 ? action[0] === SIG_IGN : null;
  } catch {
    return null;
  }
}
