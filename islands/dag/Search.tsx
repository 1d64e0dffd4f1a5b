import { useEffect, useRef, useState } from "preact/hooks";
import type { DagApi, FoundAnswer, TaskPlace } from "../../picture/dag/api.ts";
import { count } from "../../looks/format.ts";

const PAUSE_MS = 150;

interface SearchProps {
  api: DagApi;
  /** Changes when found tasks stand elsewhere in the graph. */
  drawn: string;
  /** "/workflow/<run_id>", no slash at the end. */
  basePath: string;
  onFound: (found: FoundAnswer | undefined) => void;
  onJump: (place: TaskPlace) => void;
}

/** Finds tasks by id, app, state or host; Enter jumps from one to the next. */
export function DagSearch({ api, drawn, basePath, onFound, onJump }: SearchProps) {
  const [found, setFound] = useState<FoundAnswer>();
  const asked = useRef<AbortController>();
  const timer = useRef<ReturnType<typeof setTimeout>>();
  const at = useRef(-1);
  const last = useRef("");

  function tell(answer: FoundAnswer | undefined): void {
    at.current = -1;
    setFound(answer);
    onFound(answer);
  }

  async function ask(text: string): Promise<FoundAnswer | undefined> {
    clearTimeout(timer.current);
    asked.current?.abort();
    last.current = text;
    if (text.trim() === "") return void tell(undefined);
    const { signal } = asked.current = new AbortController();
    try {
      const answer = await api.find(text.trim(), signal);
      if (!signal.aborted) tell(answer);
      return answer;
    } catch {
      if (!signal.aborted) tell(undefined);
    }
  }

  useEffect(() => {
    if (last.current.trim() !== "") void ask(last.current);
  }, [drawn]);

  async function submit(event: SubmitEvent & { currentTarget: HTMLFormElement }): Promise<void> {
    event.preventDefault();
    const text = String(new FormData(event.currentTarget).get("q") ?? "");
    const answer = found ?? await ask(text);
    if (!answer?.first.length) return;
    at.current = (at.current + 1) % answer.first.length;
    onJump(answer.first[at.current]);
  }

  return (
    <form class="picture-search" role="search" onSubmit={submit}>
      <input
        type="search"
        name="q"
        placeholder="Find a task"
        aria-label="Find tasks by id, app, state or host"
        onInput={({ currentTarget }) => {
          setFound(undefined);
          clearTimeout(timer.current);
          timer.current = setTimeout(() => ask(currentTarget.value), PAUSE_MS);
        }}
      />
      <output>
        {found && (found.matches === 0 ? "none" : `${count(found.matches)} found`)}
        {found && found.matches > found.first.length && (
          <>
            , {count(found.first.length)} marked ·{" "}
            <a href={`${basePath}/task/?${new URLSearchParams({ q: last.current.trim() })}`}>
              all
            </a>
          </>
        )}
      </output>
    </form>
  );
}
