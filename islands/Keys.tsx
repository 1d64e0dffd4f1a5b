import { Fragment } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { host } from "../host/host.ts";

/** How long after `g` the second key may come, in milliseconds. */
const CHORD_MS = 1500;

const PLACES: Record<string, { label: string; path: string }> = {
  s: { label: "Summary", path: "/" },
  t: { label: "Tasks", path: "/task/" },
  d: { label: "DAG", path: "/dag_group_by_apps" },
  l: { label: "Timeline", path: "/timeline" },
  r: { label: "Resources", path: "/resource_usage" },
};

/** The address of the workflow being looked at, if any. */
function workflow(): string | null {
  return /^\/workflow\/[^/]+/.exec(host.address().pathname)?.[0] ?? null;
}

function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement &&
    (target.isContentEditable || target.matches("input, select, textarea"));
}

/** Does what `key` says; false if it says nothing here. */
function go(key: string): boolean {
  const run = workflow();
  const to = key === "w" ? "/" : run && Object.hasOwn(PLACES, key) ? run + PLACES[key].path : null;
  if (to) host.go(to);
  return to !== null;
}

function search(): boolean {
  const field = document.querySelector<HTMLInputElement>("input[type=search]");
  const run = workflow();
  if (field) {
    field.focus();
    field.select();
  } else if (run) {
    host.go(`${run}/task/`);
  }
  return field !== null || run !== null;
}

/** The keys that work on every page, and the dialog that lists them. */
export default function Keys() {
  const dialog = useRef<HTMLDialogElement>(null);

  useEffect(() => {
    let chord = -Infinity;
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing || typing(event.target)) return;
      if (event.ctrlKey || event.metaKey || event.altKey || event.key === "Shift") return;
      const box = dialog.current;
      const second = event.timeStamp - chord < CHORD_MS;
      chord = -Infinity;
      let done = false;
      if (event.key === "?") {
        if (box?.open) box.close();
        else box?.showModal();
        done = true;
      } else if (second) {
        done = go(event.key);
      } else if (event.key === "g") {
        chord = event.timeStamp;
      } else if (event.key === "/" && !document.querySelector("dialog[open]")) {
        done = search();
      }
      if (done) event.preventDefault();
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, []);

  return (
    <>
      <button
        type="button"
        class="keys-button"
        aria-label="Keyboard shortcuts"
        title="Keyboard shortcuts (?)"
        aria-haspopup="dialog"
        onClick={() => dialog.current?.showModal()}
      >
        ?
      </button>
      <dialog
        ref={dialog}
        aria-labelledby="keys-title"
        onClick={(event) => event.target === dialog.current && dialog.current?.close()}
      >
        <form method="dialog">
          <h2 id="keys-title">Keyboard shortcuts</h2>
          <dl>
            <dt>
              <kbd>/</kbd>
            </dt>
            <dd>Search tasks</dd>
            {Object.entries(PLACES).map(([key, { label }]) => (
              <Fragment key={key}>
                <dt>
                  <kbd>g</kbd> <kbd>{key}</kbd>
                </dt>
                <dd>{label} of this workflow</dd>
              </Fragment>
            ))}
            <dt class="keys-workflows">
              <kbd>g</kbd> <kbd>w</kbd>
            </dt>
            <dd class="keys-workflows">All workflows</dd>
            <dt>
              <kbd>?</kbd>
            </dt>
            <dd>These shortcuts</dd>
            <dt>
              <kbd>Esc</kbd>
            </dt>
            <dd>Close</dd>
          </dl>
          <button type="submit">Close</button>
        </form>
      </dialog>
    </>
  );
}
