import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";
import type { RunHead } from "../model/views/head.ts";
import type { Loading } from "./loading_line.tsx";
import { Reading } from "./reading.ts";
import { RunHeader } from "./run_header.tsx";

interface RunPageProps {
  head: RunHead;
  tab: string;
  /** The run's name unless told. */
  title?: string;
  /** How much of the run has been read; null when all of it. */
  loading: Loading | null;
  class?: string;
  children: ComponentChildren;
}

/** A page of a run: its top, and what it is about. */
export function RunPage({ head, tab, title, loading, class: name, children }: RunPageProps) {
  // News of a run that had been read are read in a moment: until then it is shown as it was.
  const whole = useRef(false);
  whole.current ||= loading === null;
  return (
    <Reading.Provider value={!whole.current}>
      <RunHeader head={head} loading={loading} tab={tab} title={title} />
      <main id="main" class={name}>{children}</main>
    </Reading.Provider>
  );
}
