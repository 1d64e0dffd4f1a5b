/**
 * The addresses in links and forms, where they must look otherwise than routes know them: in a
 * document that is not served, pages are fragments.
 */
import { options } from "preact";

type Rewrite = (href: string) => string;

let rewrite: Rewrite | null = null;

/** Rewrites the app's own addresses in all links made from now on, or (null) no more. */
export function rewriteLinks(by: Rewrite | null): Rewrite | null {
  const before = rewrite;
  rewrite = by;
  return before;
}

const ATTRIBUTES: Record<string, "href" | "action"> = { a: "href", area: "href", form: "action" };

const previous = options.vnode;
options.vnode = (vnode) => {
  if (rewrite !== null && typeof vnode.type === "string") {
    const props = vnode.props as Record<string, unknown>;
    const name = ATTRIBUTES[vnode.type];
    const value = props[name];
    if (typeof value === "string" && /^\/(?!\/)/.test(value)) props[name] = rewrite(value);
  }
  previous?.(vnode);
};
