import type { KeptLayout } from "./kept_layout.ts";

/** What is used of a worker that lays graphs out. */
export type ElkWorker = Pick<Worker, "onmessage" | "onerror" | "postMessage" | "terminate">;

/** Where components and islands run: what they ask for their surroundings, and for nothing else. */
export interface Host {
  /** The address of the page, with path and query as routes have them. */
  address(): URL;
  /** What an address of the app looks like in a link. */
  link(href: string): string;
  /** Leaves for another page. */
  go(href: string): void;
  /** Opens a page in a new tab. */
  open(href: string): void;
  /** Changes the address without leaving the page. */
  replace(href: string): void;
  /** Asks the app; the path begins with a slash. */
  request(path: string, init?: RequestInit): Promise<Response>;
  /** Hears server-sent events of a path until they end; the function returned ends them before. */
  follow(path: string, message: (data: string) => void): () => void;
  /** A new worker that speaks ELK's protocol. */
  elkWorker(): ElkWorker;
  /** A layout of a DAG that was made before, by its key; none where there is no such function. */
  layout?(key: string): Promise<KeptLayout | undefined>;
  /** Has the user save a file. */
  save(blob: Blob, name: string): void;
}

/** How long a browser may take to begin with a file that it saves, in ms. */
const SAVING_MS = 10_000;

/** A page that a server made. */
const SERVED: Host = {
  address: () => new URL(location.href),
  link: (href) => href,
  go: (href) => location.assign(href),
  open: (href) => void globalThis.open(href),
  replace: (href) => history.replaceState(history.state, "", href),
  request: (path, init) => fetch(path, init),
  follow(path, message) {
    const events = new EventSource(path);
    events.onmessage = ({ data }) => message(data);
    events.addEventListener("end", () => events.close());
    return () => events.close();
  },
  elkWorker: () => new Worker("/elk-worker.js"),
  save: saveBlob,
};

/** Has the browser save a blob under a name. */
export function saveBlob(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), SAVING_MS);
}

/** The host of this page. */
export let host: Host = SERVED;

/** Puts pages onto another host than a server's; call it before any of them starts. */
export function settle(elsewhere: Host): void {
  host = elsewhere;
}
