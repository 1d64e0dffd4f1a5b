import { asset } from "fresh/runtime";
import { ReportNote } from "../components/report_note.tsx";
import Keys from "../islands/Keys.tsx";
import { define, type State } from "../state.ts";

/** What the page is about, and what it is in. */
function titleOf({ title, report }: State): string {
  const whole = report?.title ?? "Parsloscope";
  return title && !title.endsWith(whole) ? `${title} · ${whole}` : title ?? whole;
}

export default define.page(({ Component, state }) => (
  <html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <title>{titleOf(state)}</title>
      {state.reload !== undefined && <meta http-equiv="refresh" content={String(state.reload)} />}
      {state.refresh !== undefined && (
        <noscript>
          <meta http-equiv="refresh" content={String(state.refresh)} />
        </noscript>
      )}
      {!state.report && (
        <>
          <link rel="icon" type="image/svg+xml" href={asset("/favicon.svg")} />
          <link rel="stylesheet" href={asset("/style.css")} />
          <link rel="stylesheet" href={asset("/picture.css")} />
          <link rel="stylesheet" href={asset("/dag.css")} />
          <link rel="stylesheet" href={asset("/timeline.css")} />
          <link rel="stylesheet" href={asset("/hub.css")} />
        </>
      )}
    </head>
    <body data-hub={state.hub ? "" : undefined} data-report={state.report ? "" : undefined}>
      <a class="skip" href="#main">Skip to content</a>
      <Component />
      {state.report && <ReportNote about={state.report} />}
      <Keys />
    </body>
  </html>
));
