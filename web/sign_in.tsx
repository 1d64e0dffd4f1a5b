/** The page for those who come without a token. It has no script, and nothing of any workflow. */
import { render } from "preact-render-to-string";
import { SignIn, type SignInProps } from "../components/sign_in.tsx";

/** What the page is to do: ask, or lead on to an address by itself. */
export type SignInAsk =
  | { ask: SignInProps; on?: undefined; status?: undefined }
  | { on: string; status?: 200 | 401; ask?: undefined };

/** The page as an answer. */
export function signInPage({ ask, on, status }: SignInAsk): Response {
  const html = render(
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>Parsloscope</title>
        {on !== undefined && <meta http-equiv="refresh" content={`0; url=${on}`} />}
        <link rel="icon" type="image/svg+xml" href="/favicon.svg" />
        <link rel="stylesheet" href="/style.css" />
      </head>
      <body>
        {ask ? <SignIn {...ask} /> : (
          <main id="main">
            <p>
              <a href={on}>Go on</a>
            </p>
          </main>
        )}
      </body>
    </html>,
  );
  const headers = { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" };
  return new Response(`<!DOCTYPE html>${html}`, { status: status ?? (ask ? 401 : 200), headers });
}
