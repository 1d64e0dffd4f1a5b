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
        <ol>
          {crumbs.map((c) => (
            <li key={c.label}>
              {c.href ? <a href={c.href}>{c.label}</a> : <span>{c.label}</span>}
            </li>
          ))}
        </ol>
      </nav>
      <span class="status-slot">{children}</span>
    </header>
  );
}
