import type { ComponentChildren } from "preact";

/** Things with an address each, in a row with commas. */
export function Links(
  { items, none = "none" }: {
    items: { href: string; label: ComponentChildren; title?: string }[];
    none?: string;
  },
) {
  if (items.length === 0) return <>{none}</>;
  return (
    <>
      {items.map((item, i) => (
        <span key={item.href}>
          {i ? ", " : ""}
          <a href={item.href} title={item.title}>{item.label}</a>
        </span>
      ))}
    </>
  );
}
