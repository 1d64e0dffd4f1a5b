/**
 * From route components to a whole HTML document: layouts, app wrapper, head elements, islands.
 */
import { Fragment, h, type VNode } from "preact";
import type { ComponentChildren, FunctionComponent } from "preact";
import { renderToString } from "preact-render-to-string";
import type { Context, PageProps } from "./context.ts";
import { collectHead, dedupeHead } from "./head.ts";
import { collectIslands, IslandCollector } from "./islands_server.ts";
import { rewriteLinks } from "./links.ts";
import type { Project } from "./project.ts";

/** A page, layout, error page or app wrapper; it may be asynchronous and may answer itself. */
export type RouteComponent = (
  props: never,
) => ComponentChildren | Response | Promise<ComponentChildren | Response>;

/** Calls a component if it is asynchronous, else makes a vnode of it. */
export async function renderComponent<State>(
  ctx: Context<State>,
  component: RouteComponent,
  data: unknown,
  child: VNode | null,
): Promise<VNode | null | Response> {
  const Component = () => child;
  if (component.constructor.name === "AsyncFunction") {
    ctx.Component = Component;
    ctx.data = data;
    const result = await (component as (props: unknown) => Promise<unknown>)(ctx);
    return result instanceof Response ? result : h(Fragment, null, result as ComponentChildren);
  }
  const props: PageProps<unknown, State> = {
    config: ctx.config,
    url: ctx.url,
    req: ctx.req,
    info: ctx.info,
    route: ctx.route,
    params: ctx.params,
    state: ctx.state,
    error: ctx.error,
    isPartial: ctx.isPartial,
    data,
    Component,
  };
  return h(component as unknown as FunctionComponent<object>, props);
}

/** Wraps the page into its layouts (innermost last in the list) and the app wrapper. */
export async function composePage<State>(
  ctx: Context<State>,
  page: VNode | null,
  layouts: RouteComponent[],
  app: RouteComponent | null,
): Promise<VNode | null | Response> {
  let tree: VNode | null | Response = page;
  for (const wrapper of [...layouts].reverse().concat(app ?? [])) {
    tree = await renderComponent(ctx, wrapper, ctx.data, tree);
    if (tree instanceof Response) return tree;
  }
  return tree;
}

/** Renders the tree, and what starts the islands in it. */
export async function renderDocument(
  tree: VNode | null,
  project: Project | null,
  basePath: string,
  headers: Headers,
): Promise<string> {
  const islands = new IslandCollector();
  const heads: VNode[] = [];
  let html: string;
  let head: string;
  let templates: string;
  const beforeIslands = collectIslands(islands);
  const beforeHead = collectHead(heads);
  const beforeLinks = rewriteLinks(project?.link ?? null);
  try {
    html = renderToString(h(Fragment, null, tree));
    templates = islands.templates();
    head = renderToString(h(Fragment, null, dedupeHead(heads)));
  } finally {
    collectIslands(beforeIslands);
    collectHead(beforeHead);
    rewriteLinks(beforeLinks);
  }

  let end = "";
  if (islands.islands.length > 0 && project !== null) {
    const { refs } = islands;
    end = templates + await project.boot({ refs, payload: islands.payload() }, basePath, headers);
  }
  return "<!DOCTYPE html>" + assemble(html, head, end);
}

/** Puts head elements and the end of the body in their places, adding html/body where missing. */
function assemble(html: string, head: string, end: string): string {
  if (!/^(?:<!--.*?-->)*<html[\s>]/.test(html)) {
    if (!/<body[\s>]/.test(html)) html = `<body>${html}</body>`;
    if (!/<head[\s>]/.test(html)) html = `<head><meta charset="utf-8"></head>${html}`;
    html = `<html>${html}</html>`;
  }
  if (head !== "") {
    const at = html.indexOf("</head>");
    if (at >= 0) {
      let inner = html.slice(0, at);
      if (head.includes("<title")) inner = inner.replace(/<title[^>]*>[^<]*<\/title>/, "");
      html = inner + head + html.slice(at);
    } else {
      html = html.replace(/<html[^>]*>/, (tag) => `${tag}<head>${head}</head>`);
    }
  }
  if (end !== "") {
    const at = html.lastIndexOf("</body>");
    html = at < 0 ? html + end : html.slice(0, at) + end + html.slice(at);
  }
  return html;
}
