/** Addresses within a report: what the dashboard has as path and query is the fragment here. */

const BASE = "file:///";

/** An address of the app as it stands in links. */
export function link(href: string): string {
  return `#${href}`;
}

/** The address of the app that a fragment names; null for a place within the page. */
export function addressOf(fragment: string): URL | null {
  return fragment.startsWith("#/") ? absolute(fragment.slice(1)) : null;
}

/** An address of the app, with what is left out taken from another. */
export function absolute(href: string, from: URL | string = BASE): URL {
  return new URL(href, from);
}

/** The part of an address by which routes know it. */
export function pathOf({ pathname, search }: URL): string {
  return pathname + search;
}
