/** What asks for a token. */

export interface SignInProps {
  /** Where to go with a right token: path and query. */
  next: string;
  /** Whether a token was given that is not this server's. */
  wrong: boolean;
  /** How to find the token, in one sentence. */
  whereItIs: string;
}

/** Asks for the token of a server, and says where it is. */
export function SignIn({ next, wrong, whereItIs }: SignInProps) {
  return (
    <>
      <header class="top">
        <span class="brand">Parsloscope</span>
      </header>
      <main id="main" class="sign-in">
        <h1>Token needed</h1>
        <p>
          Others of this machine can reach this address too: only who has your token may look.
        </p>
        <p>{whereItIs}</p>
        <form method="post" action="/sign-in">
          <input type="hidden" name="next" value={next} />
          <label for="token">Token</label>
          <div class="sign-in-row">
            <input
              id="token"
              type="password"
              name="token"
              required
              autofocus
              autocomplete="current-password"
              aria-invalid={wrong ? "true" : undefined}
              aria-describedby={wrong ? "wrong" : undefined}
            />
            <button type="submit">Open</button>
          </div>
          {wrong && (
            <p id="wrong" role="alert">
              That is not the token of this server. Copy it once more, from behind “token=”.
            </p>
          )}
        </form>
      </main>
    </>
  );
}
