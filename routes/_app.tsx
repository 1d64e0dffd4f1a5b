import { asset } from "fresh/runtime";
import Keys from "../islands/Keys.tsx";
import { define } from "../state.ts";

export default define.page(({ Component, state }) => (
  <html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <title>{state.title ? `${state.title} · Parsloscope` : "Parsloscope"}</title>
      {state.refresh !== undefined && (
        <noscript>
          <meta http-equiv="refresh" content={String(state.refresh)} />
        </noscript>
      )}
      <link rel="icon" type="image/svg+xml" href={asset("/favicon.svg")} />
      <link rel="stylesheet" href={asset("/style.css")} />
      <link rel="stylesheet" href={asset("/dag.css")} />
      <link rel="stylesheet" href={asset("/hub.css")} />
    </head>
    <body data-hub={state.hub ? "" : undefined}>
      <a class="skip" href="#main">Skip to content</a>
      <Component />
      <Keys />
    </body>
  </html>
));
