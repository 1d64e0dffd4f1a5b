/**
 * `createDefine`: identity functions which give handlers, pages and middlewares the types of one
 * State.
 */
import type { ComponentChildren } from "preact";
import type { Handlers, Middleware } from "./handlers.ts";
import type { PageProps } from "./page_props.ts";

type DataOf<R> = R extends { data: infer D } ? D : never;
type ReturnData<F> = F extends (ctx: never) => infer R ? DataOf<Awaited<R>> : never;
type HandlerData<H> = [H] extends [never] ? unknown : { [M in keyof H]: ReturnData<H[M]> }[keyof H];

type Rendered = ComponentChildren | Response | Promise<ComponentChildren | Response>;

/** The functions given by {@link createDefine}. */
export interface Define<State> {
  handlers<H extends Handlers<State>>(handlers: H): H;
  page<H = never>(
    render: (props: PageProps<HandlerData<H>, State>) => Rendered,
  ): (props: PageProps<HandlerData<H>, State>) => Rendered;
  middleware<M extends Middleware<State>>(middleware: M): M;
}

/** Binds the define helpers to the app's State. */
export function createDefine<State>(): Define<State> {
  return {
    handlers: (handlers) => handlers,
    page: (render) => render,
    middleware: (middleware) => middleware,
  };
}
