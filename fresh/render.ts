/**
 * From route components to a whole HTML document: the page in its wrapper, and what starts the
 * islands in it.
 */
import { Fragment, h, type VNode } from "preact";
import type { ComponentChildren, FunctionComponent } from "preact";
import { renderToString } from "preact-render-to-string";
import { collectIslands, IslandCollector, type PageIslands } from "./islands_server.ts";
import { rewriteLinks } from "./links.ts";
import type { PageProps, RouteComponent } from "./page_props.ts";

/** What rendering needs of a project. */
export interface PageProject {
  /** The end of the body of a page that has islands: what starts them in the browser. */
  boot(islands: PageIslands, headers: Headers, nonce: string): string | Promise<string>;
  /** What addresses of this app look like in links and forms, when that is not as they are. */
  link?: (href: string) => string;
}

/** A component as an element; one that is asynchronous is called, and may give a response. */
export async function elementOf(
  component: RouteComponent,
  props: PageProps,
): Promise<VNode | Response> {
  if (component.constructor.name === "AsyncFunction") {
    const result = await (component as (props: unknown) => Promise<unknown>)(props);
    return result instanceof Response ? result : h(Fragment, null, result as ComponentChildren);
  }
  return h(component as unknown as FunctionComponent<object>, props);
}

/** Renders the document, and what starts the islands in it. */
export async function renderDocument(
  tree: VNode,
  project: PageProject | null,
  headers: Headers,
  nonce: string,
): Promise<string> {
  const collector = new IslandCollector();
  const beforeIslands = collectIslands(collector);
  const beforeLinks = rewriteLinks(project?.link ?? null);
  let html: string;
  try {
    html = renderToString(h(Fragment, null, tree));
  } finally {
    collectIslands(beforeIslands);
    rewriteLinks(beforeLinks);
  }
  if (collector.islands.length > 0 && project !== null) {
    html = atBodyEnd(html, await project.boot(collector, headers, nonce));
  }
  return `<!DOCTYPE html>${html}`;
}

function atBodyEnd(html: string, end: string): string {
  const at = html.lastIndexOf("</body>");
  return at < 0 ? html + end : html.slice(0, at) + end + html.slice(at);
}
