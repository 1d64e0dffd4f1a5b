/** How many datagrams the kernel dropped because a socket's receive buffer was full. */
import { parseAddress } from "./address.ts";

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
 * Null where the kernel does not tell: not Linux, not readable, or no such socket.
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
