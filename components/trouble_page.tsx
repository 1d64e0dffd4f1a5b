import type { ComponentChildren } from "preact";
import { TopBar } from "./top_bar.tsx";
import { Empty } from "./ui.tsx";

/** A link that leads on from where nothing is. */
export interface Lead {
  href: string;
  label: string;
}

/** In place of a page that cannot be shown: why, and where to go from here. */
export function TroublePage(
  { title, why, leads, children }: {
    title: string;
    why: string;
    leads: readonly Lead[];
    children?: ComponentChildren;
  },
) {
  return (
    <>
      <TopBar crumbs={[]} />
      <main id="main">
        <h1>{title}</h1>
        <Empty
          why={why}
          what={
            <ul class="leads">
              {leads.map(({ href, label }) => (
                <li key={href}>
                  <a href={href}>{label}</a>
                </li>
              ))}
            </ul>
          }
        />
        {children}
      </main>
    </>
  );
}
