/** Links and forms of a report: they lead to pages within it. */
import type { Travel } from "./travel.ts";

/** Has clicks on links and forms sent open pages of the report. */
export function follow(travel: Travel): void {
  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const anchor = event.target instanceof Element ? event.target.closest("a[href]") : null;
    const href = anchor?.getAttribute("href");
    if (!href?.startsWith("#")) return;
    event.preventDefault();
    if (!href.startsWith("#/")) jump(href.slice(1));
    else if (anchor?.hasAttribute("download")) void travel.download(href.slice(1));
    else travel.go(href.slice(1));
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || !(form instanceof HTMLFormElement)) return;
    const action = form.getAttribute("action") ?? "";
    if (form.method !== "get" || !action.startsWith("#/")) return;
    event.preventDefault();
    const query = new URLSearchParams();
    for (const [name, value] of new FormData(form, event.submitter)) {
      if (typeof value === "string") query.append(name, value);
    }
    travel.go(`${action.slice(1).split("?")[0]}?${query}`);
  });
}

/** Goes to a part of the page that is shown. */
function jump(id: string): void {
  const target = document.getElementById(id);
  if (!target) return;
  target.scrollIntoView();
  if (!target.hasAttribute("tabindex")) target.setAttribute("tabindex", "-1");
  target.focus({ preventScroll: true });
}
