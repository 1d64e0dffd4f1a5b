/**
 * The request context: what middlewares and handlers get, with the helpers that build responses.
 */
import { Fragment, h, type VNode } from "preact";
import { keepNonce, newNonce } from "./nonce.ts";
import type { PageProps, RouteComponent } from "./page_props.ts";
import { elementOf, type PageProject, renderDocument } from "./render.ts";

/** What pages are made with: the app wrapper, and the project. */
export interface PageMaking {
  wrapper: RouteComponent | null;
  project: PageProject | null;
}

let readMaking: (ctx: object) => PageMaking;

/** What the pages of a request are made with. */
export function makingOf<State>(ctx: Context<State>): PageMaking {
  return readMaking(ctx);
}

/** One request on its way through the app. */
export class Context<State = unknown> {
  readonly #making: PageMaking;
  readonly url: URL;
  readonly req: Request;
  readonly info: Deno.ServeHandlerInfo;
  readonly params: Record<string, string>;
  readonly state: State = {} as State;
  data: unknown = undefined;
  error: unknown = null;
  /** Runs the rest of the chain. */
  next: () => Promise<Response>;

  static {
    readMaking = (ctx) => (ctx as Context).#making;
  }

  constructor(init: {
    req: Request;
    url: URL;
    info: Deno.ServeHandlerInfo;
    params: Record<string, string>;
    making: PageMaking;
    next: () => Promise<Response>;
  }) {
    this.req = init.req;
    this.url = init.url;
    this.info = init.info;
    this.params = init.params;
    this.next = init.next;
    this.#making = init.making;
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

  /** Renders JSX inside the app wrapper. */
  async render(vnode: VNode | null, init: ResponseInit = {}): Promise<Response> {
    const { wrapper, project } = this.#making;
    const page = vnode ?? h(Fragment, null);
    const tree = wrapper ? await elementOf(wrapper, propsOf(this, () => page)) : page;
    if (tree instanceof Response) return tree;
    const headers = new Headers(init.headers);
    headers.set("Content-Type", "text/html; charset=utf-8");
    const nonce = newNonce();
    const html = await renderDocument(tree, project, headers, nonce);
    return keepNonce(new Response(html, { ...init, headers }), nonce);
  }
}

/** The props of a component that answers a request, around another if it is the wrapper. */
export function propsOf<State>(
  ctx: Context<State>,
  Component: PageProps["Component"] = () => null,
): PageProps<unknown, State> {
  const { url, req, params, state, data, error } = ctx;
  return { url, req, params, state, data, error, Component };
}
