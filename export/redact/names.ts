import { NameFinder } from "./name_finder.ts";
import { PATH, withoutPaths } from "./paths.ts";

const MAIL = /[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+/g;
const IPV4 = /(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?!\d|\.\d)/g;
const IPV6 = /(?<![\w:])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?![\w:])/gi;
/** The folder of a user, whose name may differ from who the workflow says ran it. */
const HOME = /^\/(?:home|Users)\/([^/]+)/;
/** Texts so short come again and again; this many of them are remembered. */
const SHORT = 200;
const MOST_REMEMBERED = 20_000;

/** The names that are known of a run, and what stands for each of them. */
export class Names {
  readonly #hosts = new Map<string, string>();
  readonly #users = new Map<string, string>();
  readonly #folders = new Set<string>();
  #hostCount = 0;
  readonly #finder = new NameFinder();
  readonly #folderFinder = new NameFinder();
  #remembered = new Map<string, string>();

  /** What stands for a host: the same for its name with and without its domain. */
  host(name: string): string {
    const key = name.toLowerCase();
    const known = this.#hosts.get(key);
    if (known !== undefined) return known;
    const [first, ...domain] = isAddress(key) ? [key] : key.split(".");
    const stand = this.#hosts.get(first) ?? `host-${++this.#hostCount}`;
    this.#learn(this.#hosts, key, stand, true);
    if (first !== key && !/^\d*$/.test(first)) this.#learn(this.#hosts, first, stand, true);
    // A domain of one part says nothing: .local.
    if (domain.length > 1) this.#finder.add(domain.join("."), "domain");
    return stand;
  }

  /** What stands for a user. */
  user(name: string): string {
    const key = name.toLowerCase();
    const known = this.#users.get(key);
    if (known !== undefined) return known;
    const stand = `user-${this.#users.size + 1}`;
    this.#learn(this.#users, key, stand, false);
    return stand;
  }

  /** Learns a folder, so that its name is found where it has spaces. */
  folder(path: string): void {
    if (this.#folders.has(path)) return;
    this.#folders.add(path);
    this.#remembered = new Map();
    const parts = path.split("/");
    for (let count = parts.length; count > 2; count--) {
      const name = parts.slice(0, count).join("/");
      if (/[^/\s]/.test(name)) this.#folderFinder.add(name, PATH);
    }
    const home = HOME.exec(path);
    if (home) this.user(home[1]);
  }

  /** A text without paths, mail addresses, network addresses, and names that are known. */
  without(text: string): string {
    if (text.length > SHORT) return this.#without(text);
    const known = this.#remembered.get(text);
    if (known !== undefined) return known;
    const result = this.#without(text);
    if (this.#remembered.size >= MOST_REMEMBERED) this.#remembered = new Map();
    this.#remembered.set(text, result);
    return result;
  }

  #without(text: string): string {
    let result = text;
    if (/[/\\]/.test(result)) result = withoutPaths(this.#folderFinder.replace(result));
    if (result.includes("@")) result = result.replace(MAIL, "user");
    if (result.includes(".")) result = result.replace(IPV4, "address");
    if (result.includes(":")) {
      result = result.replace(IPV6, (found) => isIpv6(found) ? "address" : found);
    }
    return this.#finder.replace(result);
  }

  #learn(names: Map<string, string>, key: string, stand: string, dotted: boolean): void {
    if (names.has(key)) return;
    names.set(key, stand);
    this.#finder.add(key, stand, dotted);
    this.#remembered = new Map();
  }
}

function isAddress(name: string): boolean {
  return /^[\d.]+$/.test(name) || name.includes(":");
}

function isIpv6(text: string): boolean {
  return text.length > 2 && (text.includes("::") || text.split(":").length === 8);
}
