/** The few functions of the C library that Deno has no equal of, on 64-bit Linux. */

const SYMBOLS = {
  __errno_location: { parameters: [], result: "pointer" },
  socket: { parameters: ["i32", "i32", "i32"], result: "i32" },
  setsockopt: { parameters: ["i32", "i32", "i32", "buffer", "u32"], result: "i32" },
  getsockopt: { parameters: ["i32", "i32", "i32", "buffer", "buffer"], result: "i32" },
  bind: { parameters: ["i32", "buffer", "u32"], result: "i32" },
  getsockname: { parameters: ["i32", "buffer", "buffer"], result: "i32" },
  recvmmsg: { parameters: ["i32", "buffer", "u32", "i32", "pointer"], result: "i32" },
  poll: { parameters: ["buffer", "u64", "i32"], result: "i32" },
  madvise: { parameters: ["pointer", "usize", "i32"], result: "i32" },
  close: { parameters: ["i32"], result: "i32" },
} as const satisfies Deno.ForeignLibraryInterface;

/** Numbers of the kernel's interface; the same on x86_64 and aarch64. */
export const LINUX = {
  AF_INET: 2,
  AF_INET6: 10,
  SOCK_DGRAM: 2,
  SOCK_CLOEXEC: 0o2000000,
  SOL_SOCKET: 1,
  SO_RCVBUF: 8,
  SO_RCVBUFFORCE: 33,
  SO_MEMINFO: 55,
  MSG_TRUNC: 0x20,
  MSG_DONTWAIT: 0x40,
  POLLIN: 1,
  MADV_DONTNEED: 4,
  MADV_NOHUGEPAGE: 15,
  EPERM: 1,
  EACCES: 13,
  EADDRINUSE: 98,
  EADDRNOTAVAIL: 99,
  EAFNOSUPPORT: 97,
} as const;

/** The C library, opened. */
export interface Libc {
  calls: Deno.DynamicLibrary<typeof SYMBOLS>["symbols"];
  /** The error number of this thread's last failed call; ask right after the call. */
  errno(): number;
  /** Closes the library, not the sockets. */
  release(): void;
}

/** Why the C library cannot be used; a sentence for people. */
export interface NoLibc {
  reason: string;
}

function candidates(): string[] {
  return ["libc.so.6", `libc.musl-${Deno.build.arch}.so.1`, "libc.so"];
}

/**
 * Opens the C library for the calling thread. Never throws and never lets Deno ask the user for a
 * permission.
 */
export function openLibc(): Libc | NoLibc {
  const { os, arch } = Deno.build;
  if (os !== "linux" || (arch !== "x86_64" && arch !== "aarch64")) {
    return { reason: `recvmmsg is used on 64-bit Linux only; this is ${os} on ${arch}` };
  }
  let reason = "";
  for (const name of candidates()) {
    if (Deno.permissions.querySync({ name: "ffi", path: name }).state !== "granted") {
      reason ||= "Deno was started without --allow-ffi";
      continue;
    }
    try {
      const library = Deno.dlopen(name, SYMBOLS);
      const place = library.symbols.__errno_location();
      if (place === null) {
        library.close();
        return { reason: `${name} gave no place of errno` };
      }
      // Made once: making it between a call and the look at errno would change errno.
      const view = new Deno.UnsafePointerView(place);
      return {
        calls: library.symbols,
        errno: () => view.getInt32(),
        release: () => library.close(),
      };
    } catch (error) {
      reason = `the C library could not be opened: ${(error as Error).message}`;
    }
  }
  return { reason };
}
