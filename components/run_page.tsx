import type { ComponentChildren } from "preact";
import type { RunHead } from "../model/views.ts";
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
  return (
    <Reading.Provider value={loading !== null}>
      <RunHeader head={head} loading={loading} tab={tab} title={title} />
      <main id="main" class={name}>{children}</main>
    </Reading.Provider>
  );
}
