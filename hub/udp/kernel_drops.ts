/** How many datagrams the kernel dropped because a socket's receive buffer was full. */
import { parseAddress } from "./address.ts";
import { type Libc, LINUX, openLibc } from "./libc.ts";

/** Where the drops stand among what the kernel tells of a socket's memory (SK_MEMINFO_DROPS). */
const DROPS = 8;
const MEMORY_FIGURES = 9;

let libc: Libc | null | undefined;

/** Datagrams dropped at a socket of this process, by its descriptor; null where nobody tells. */
export function socketDrops(socket: number | null): number | null {
  if (socket === null) return null;
  if (libc === undefined) {
    const opened = openLibc();
    libc = "calls" in opened ? opened : null;
  }
  if (libc === null) return null;
  const figures = new Uint32Array(MEMORY_FIGURES);
  const size = Uint32Array.of(figures.byteLength);
  const { SOL_SOCKET, SO_MEMINFO } = LINUX;
  const asked = libc.calls.getsockopt(socket, SOL_SOCKET, SO_MEMINFO, figures, size);
  return asked === 0 && size[0] === figures.byteLength ? figures[DROPS] : null;
}

/** The local address as the tables in /proc/net have it: words of 32 bits in the host's order. */
function tableForm(address: Uint8Array): string {
  let text = "";
  for (let word = 0; word < address.length; word += 4) {
    for (let byte = 3; byte >= 0; byte--) {
      text += address[word + byte].toString(16).padStart(2, "0");
    }
  }
  return text.toUpperCase();
}

/** The drops of the sockets bound to `local` (`ADDRESS:PORT`) in the text of such a table. */
export function dropsOf(table: string, local: string): number | null {
  let drops: number | null = null;
  for (const line of table.split("\n").slice(1)) {
    const columns = line.trim().split(/\s+/);
    if (columns[1] !== local) continue;
    drops = (drops ?? 0) + Number(columns[columns.length - 1]);
  }
  return drops;
}

/**
 * Datagrams dropped by the kernel at the socket bound to this address and port since it was opened.
 * Null where the kernel does not tell: not Linux, no such socket, or not readable, as for those who
 * may not do everything: Deno gives them nothing of /proc.
 */
export function kernelDrops(address: string, port: number): number | null {
  const bytes = parseAddress(address);
  if (bytes === null || Deno.build.os !== "linux") return null;
  const table = bytes.length === 4 ? "/proc/net/udp" : "/proc/net/udp6";
  const local = `${tableForm(bytes)}:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  try {
    return dropsOf(Deno.readTextFileSync(table), local);
  } catch {
    return null;
  }
}
