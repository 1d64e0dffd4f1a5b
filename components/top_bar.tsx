import type { ComponentChildren } from "preact";

/** The bar on top of every page: home, where one is, and what the page has to say of itself. */
export function TopBar(
  { crumbs, children }: {
    crumbs: { href?: string; label: string }[];
    children?: ComponentChildren;
  },
) {
  return (
    <header class="top">
      <a class="brand" href="/">Parsloscope</a>
      <nav class="crumbs" aria-label="Breadcrumb">
        {crumbs.map((c) =>
          c.href
            ? <a key={c.label} href={c.href}>{c.label}</a>
            : <span key={c.label}>{c.label}</span>
        )}
      </nav>
      <span class="live">{children}</span>
    </header>
  );
}
