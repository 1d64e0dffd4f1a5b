import type { ComponentChildren } from "preact";
import { count as countText, percent } from "../looks/format.ts";
import { statePlace } from "../parsl/states.ts";
import { stateClass, stateLabel, stateStyle } from "../looks/palette.ts";
import { NOT_READ, useReading } from "./reading.ts";
import { BarPart } from "./marks.tsx";

/** A strip of {@link Figure}s. */
export function Figures({ children }: { children: ComponentChildren }) {
  return <dl class="figures">{children}</dl>;
}

/** One figure and what it counts, within {@link Figures}; a link if it can be looked into. */
export function Figure(
  { label, value, href, hint }: {
    label: string;
    value: ComponentChildren;
    href?: string;
    hint?: string;
  },
) {
  return (
    <div class="figure" title={hint}>
      <dt>{label}</dt>
      <dd>{href ? <a href={href}>{value}</a> : value}</dd>
    </div>
  );
}

/** A task state by Parsl's name: a mark in its colour, and its label. */
export function StateBadge({ state }: { state: string }) {
  return (
    <span class={`state ${stateClass(state)}`} title={state}>
      {stateLabel(state)}
    </span>
  );
}

/**
 * A thin bar of the tasks in each state, the finished ones first. `total` may be more than the
 * sum of the counts: the rest stays empty.
 */
export function StateBar(
  { counts, total }: { counts: { state: string; count: number }[]; total: number },
) {
  const final = (state: string) => stateStyle(state)?.final ? 0 : 1;
  const shown = counts.filter((c) => c.count > 0).sort((a, b) =>
    final(a.state) - final(b.state) || statePlace(a.state) - statePlace(b.state)
  );
  const whole = Math.max(total, shown.reduce((sum, c) => sum + c.count, 0), 1);
  const text = (c: { state: string; count: number }) =>
    `${stateLabel(c.state)}: ${countText(c.count)} (${percent(c.count / whole)})`;
  const label = shown.length ? shown.map(text).join(", ") : "no tasks";
  return (
    <span class="statebar" role="img" aria-label={label}>
      {shown.map((c) => (
        <BarPart
          key={c.state}
          class={stateClass(c.state)}
          title={text(c)}
          share={c.count / whole}
        />
      ))}
    </span>
  );
}

/** A titled part of a page, with its own anchor and, at the right, what can be done with it. */
export function Section(
  { title, id, children, actions }: {
    title: string;
    id: string;
    children: ComponentChildren;
    actions?: ComponentChildren;
  },
) {
  return (
    <section id={id} aria-labelledby={`${id}-title`}>
      <header class="section-head">
        <h2 id={`${id}-title`}>{title}</h2>
        {actions ? <div class="actions">{actions}</div> : null}
      </header>
      {children}
    </section>
  );
}

/** In place of a view with nothing in it: why, and what to do; while a run is read, that it may come. */
export function Empty({ why, what }: { why: ComponentChildren; what?: ComponentChildren }) {
  const reading = useReading();
  return (
    <div class="empty">
      <p>{reading ? NOT_READ : why}</p>
      {what && !reading ? <div class="what">{what}</div> : null}
    </div>
  );
}

/** The views of one thing, each with its own address. */
export function Tabs({ items }: { items: { href: string; label: string; current?: boolean }[] }) {
  return (
    <nav class="tabs" aria-label="Views">
      {items.map((item) => (
        <a key={item.href} href={item.href} aria-current={item.current ? "page" : undefined}>
          {item.label}
        </a>
      ))}
    </nav>
  );
}

/** How a run as a whole stands. */
export function RunStatus(
  { status, text }: { status: "running" | "completed" | "failed" | "lost"; text?: string },
) {
  return <span class={`run-status is-${status}`}>{text ?? status}</span>;
}

/** Where one is among `pages` pages (from 1) of `total` rows, and the way to the others. */
export function Pager(
  { page, pages, href, total }: {
    page: number;
    pages: number;
    href: (page: number) => string;
    total: number;
  },
) {
  const last = Math.max(pages, 1);
  const step = (to: number, text: string, label: string, rel?: string) =>
    to >= 1 && to <= last && to !== page
      ? <a class="button" href={href(to)} aria-label={label} rel={rel}>{text}</a>
      : <span class="button" aria-disabled="true">{text}</span>;
  return (
    <nav class="pager" aria-label="Pages">
      <span class="pager-total">{countText(total)} in all</span>
      {last > 1
        ? (
          <>
            {step(1, "«", "First page")}
            {step(page - 1, "‹", "Previous page", "prev")}
            <span aria-current="page">{countText(page)} / {countText(last)}</span>
            {step(page + 1, "›", "Next page", "next")}
            {step(last, "»", "Last page")}
          </>
        )
        : null}
    </nav>
  );
}

/** Names and their values, one per line; null and undefined values read as unknown. */
export function KeyValue({ items }: { items: { key: string; value: ComponentChildren }[] }) {
  return (
    <dl class="keyvalue">
      {items.map(({ key, value }) => (
        <div key={key}>
          <dt>{key}</dt>
          <dd>{value ?? "–"}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Text as it is, such as a traceback: wrapped, in a scroll box. */
export function Code({ text }: { text: string }) {
  return <pre class="code" tabIndex={0}><code>{text}</code></pre>;
}
