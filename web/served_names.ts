/**
 * The names that a server answers for. A page of another site can have its own name resolved to this
 * machine ("DNS rebinding"): its browser then sends that name, and gets nothing.
 */

/** The host of an address, as `Host` has it, without its port; null when it is none. */
export function hostOf(header: string | null): string | null {
  if (!header || !/^[\w.:[\]-]{1,255}$/.test(header)) return null;
  const host = header.startsWith("[")
    ? /^(\[[\da-f:.]+\])(?::\d{1,5})?$/i.exec(header)?.[1]
    : /^([^:]+)(?::\d{1,5})?$/.exec(header)?.[1];
  return host?.toLowerCase().replace(/(?<=.)\.$/, "") ?? null;
}

/** Whether an address is of this machine's loopback, where only its own users come from. */
export function isLoopback(address: string): boolean {
  return address === "localhost" || address === "::1" || address === "[::1]" ||
    /^127(\.\d{1,3}){3}$/.test(address);
}

/** Whether an address stands for all addresses of the machine. */
export function isEverywhere(address: string): boolean {
  return address === "0.0.0.0" || address === "::";
}

/** What a machine is called, as far as it knows. */
export interface Machine {
  hostname: string;
  /** The addresses of its interfaces. */
  addresses: readonly string[];
}

/** An address as it stands in a URL. */
export function inUrl(address: string): string {
  return address.includes(":") ? `[${address}]` : address;
}

/** The names of a server. */
export class ServedNames {
  readonly #names: ReadonlySet<string>;

  /**
   * @param listen the address it listens on; null for a socket, which is reached through loopback
   * @param more names that the user gave
   */
  constructor(listen: string | null, machine: Machine, more: readonly string[]) {
    const names = ["localhost", "[::1]", ...more];
    if (listen !== null && !isLoopback(listen)) {
      names.push(inUrl(listen), machine.hostname, machine.hostname.split(".")[0]);
      if (isEverywhere(listen)) names.push(...machine.addresses.map(inUrl));
    }
    this.#names = new Set(names.map((name) => name.toLowerCase()).filter((name) => name !== ""));
  }

  /** Whether a request with this header `host` is meant for this server. */
  has(header: string | null): boolean {
    const host = hostOf(header);
    return host !== null && (this.#names.has(host) || isLoopback(host));
  }
}
