import { host } from "./host.ts";

/**
 * Which of some links was clicked, so that the page does itself what the link is for; undefined for
 * none of them, and where a new tab or window is asked for, which is left to the browser.
 *
 * @param links their addresses as the page gives them
 */
export function clickedLink<Link extends { href: string }>(
  event: MouseEvent,
  links: readonly Link[],
): Link | undefined {
  if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return undefined;
  const href = (event.target as Element).closest("a")?.getAttribute("href");
  const link = links.find((each) => host.link(each.href) === href);
  if (link) event.preventDefault();
  return link;
}
