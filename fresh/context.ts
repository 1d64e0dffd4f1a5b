/**
 * The request context: what middlewares, handlers and pages get, with the helpers that build
 * responses.
 */
import { isValidElement, type VNode } from "preact";
import type { FunctionComponent } from "preact";
import type { LayoutConfig } from "./handlers.ts";
import type { Project } from "./project.ts";
import { composePage, renderDocument, type RouteComponent } from "./render.ts";

/** The app's configuration as handlers see it. */
export interface ResolvedFreshConfig {
  basePath: string;
  mode: "development" | "production";
}

/** The props of pages, layouts, error pages and the app wrapper. */
export interface PageProps<Data = unknown, State = unknown> {
  config: ResolvedFreshConfig;
  url: URL;
  req: Request;
  info: Deno.ServeHandlerInfo;
  route: string | null;
  params: Record<string, string>;
  state: State;
  data: Data;
  error: unknown | null;
  isPartial: boolean;
  Component: FunctionComponent;
}

/** What the router keeps per request: the wrappers around the page. */
export interface ContextInternals {
  app: RouteComponent | null;
  layouts: RouteComponent[];
  project: Project | null;
}

let readInternals: (ctx: object) => ContextInternals;

/** The router's side of a context. */
export function internalsOf<State>(ctx: Context<State>): ContextInternals {
  return readInternals(ctx);
}

/** One request on its way through the app. */
export class Context<State = unknown> {
  readonly #internals: ContextInternals;
  readonly config: ResolvedFreshConfig;
  readonly url: URL;
  req: Request;
  readonly info: Deno.ServeHandlerInfo;
  readonly route: string | null;
  readonly params: Record<string, string>;
  readonly state: State = {} as State;
  data: unknown = undefined;
  error: unknown | null = null;
  readonly isPartial: boolean;
  Component: FunctionComponent = () => null;
  next: () => Promise<Response>;

  static {
    readInternals = (ctx) => (ctx as Context).#internals;
  }

  constructor(init: {
    req: Request;
    url: URL;
    info: Deno.ServeHandlerInfo;
    route: string | null;
    params: Record<string, string>;
    config: ResolvedFreshConfig;
    project: Project | null;
    next: () => Promise<Response>;
  }) {
    this.req = init.req;
    this.url = init.url;
    this.info = init.info;
    this.route = init.route;
    this.params = init.params;
    this.config = init.config;
    this.next = init.next;
    this.isPartial = init.url.searchParams.has("fresh-partial");
    this.#internals = { app: null, layouts: [], project: init.project };
  }

  /** Redirects; a path never leaves this host, however many slashes it starts with. */
  redirect(pathOrUrl: string, status = 302): Response {
    let location = pathOrUrl;
    if (location.startsWith("/")) {
      const cut = location.search(/[?#]/);
      const path = cut < 0 ? location : location.slice(0, cut);
      location = path.replace(/[/\\]{2,}|^\/\\/g, "/") + (cut < 0 ? "" : location.slice(cut));
    }
    return new Response(null, { status, headers: { location } });
  }

  /** Renders JSX inside the layouts and the app wrapper. */
  async render(
    vnode: VNode | null,
    init: ResponseInit = {},
    config: LayoutConfig = {},
  ): Promise<Response> {
    if (vnode !== null && !isValidElement(vnode)) {
      throw new Error("ctx.render() needs a JSX element or null");
    }
    const { app, layouts, project } = this.#internals;
    const tree = await composePage(
      this,
      vnode,
      config.skipInheritedLayouts ? [] : layouts,
      config.skipAppWrapper ? null : app,
    );
    if (tree instanceof Response) return tree;
    const headers = new Headers(init.headers);
    headers.set("Content-Type", "text/html; charset=utf-8");
    const html = await renderDocument(tree, project, this.config.basePath, headers);
    return new Response(html, { ...init, headers });
  }

  /** A plain text response. */
  text(content: string, init?: ResponseInit): Response {
    return new Response(content, init);
  }

  /** An HTML response. */
  html(content: string, init?: ResponseInit): Response {
    const headers = new Headers(init?.headers);
    headers.set("Content-Type", "text/html; charset=utf-8");
    return new Response(content, { ...init, headers });
  }

  /** A JSON response. */
  json(content: unknown, init?: ResponseInit): Response {
    return Response.json(content, init);
  }
}
