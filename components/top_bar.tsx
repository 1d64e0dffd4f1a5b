import type { ComponentChildren } from "preact";

/**
 * The bar on top of every page: home, where one is, and what the page has to say of itself.
 * The link to the hub is seen where the page's body says that there is one.
 *
 * @param home the address of the first page; another one where no workflows are served
 * @param atHub whether this is the hub's page, which needs no link to itself
 */
export function TopBar(
  { crumbs, children, home = "/", atHub = false }: {
    crumbs: { href?: string; label: string }[];
    children?: ComponentChildren;
    home?: string;
    atHub?: boolean;
  },
) {
  return (
    <header class="top">
      <a class="brand" href={home}>Parsloscope</a>
      <nav class="crumbs" aria-label="Breadcrumb">
        <ol>
          {crumbs.map((c) => (
            <li key={c.label}>
              {c.href ? <a href={c.href}>{c.label}</a> : <span>{c.label}</span>}
            </li>
          ))}
        </ol>
      </nav>
      {atHub ? null : <a class="hub-link" href="/hub">Hub</a>}
      <span class="status-slot">{children}</span>
    </header>
  );
}
