import type { CriticalAnswer, PathStep } from "../../picture/dag/api.ts";
import { count, duration, percent } from "../../looks/format.ts";
import { BarPart } from "../marks.tsx";

const PARTS = ["waiting", "queueing", "running"] as const;

interface PathProps {
  path: CriticalAnswer;
  basePath: string;
  onPoint: (step: PathStep | undefined) => void;
  onShow: (step: PathStep) => void;
}

/** The steps that determined how long the run took, and what each spent its time on. */
export function CriticalPathSteps({ path, basePath, onPoint, onShow }: PathProps) {
  const sum = Math.max(1, path.waiting + path.queueing + path.running);
  const longest = Math.max(1, ...path.steps.map(lengthOf));
  return (
    <section class="dag-path" aria-label="Critical path">
      <h2>Critical path</h2>
      <p>{pathWords(path)}</p>
      <Bar step={path} whole={sum} />
      <dl>
        {PARTS.map((part) => (
          <div key={part}>
            <dt>
              <i class={`dag-part-${part}`} /> {part}
            </dt>
            <dd>{duration(path[part])}</dd>
            <dd>{percent(path[part] / sum)}</dd>
          </div>
        ))}
      </dl>
      <ol onPointerLeave={() => onPoint(undefined)}>
        {path.steps.map((step) => (
          <li
            key={`${step.taskId} ${step.part}`}
            onPointerEnter={() => onPoint(step)}
          >
            <a href={`${basePath}/task/${step.taskId}`} onFocus={() => onPoint(step)}>
              {step.app}:{step.taskId}
              {PART_WORDS[step.part]}
            </a>
            <button type="button" onClick={() => onShow(step)}>show</button>
            <span>{duration(lengthOf(step))}</span>
            <Bar step={step} whole={longest} />
          </li>
        ))}
      </ol>
      {path.more > 0 && <p>{moreWords(path.more)}</p>}
      {path.steps.length === 0 && (
        <p>
          {path.makespan === null
            ? "The clock went back during this run: what it waited for cannot be told."
            : "No task has finished yet."}
        </p>
      )}
    </section>
  );
}

/** What is said of a part of a join beside its name. */
const PART_WORDS: Record<PathStep["part"], string> = {
  task: "",
  body: ", before its tasks",
  joined: ", after its tasks",
};

/** How many steps there are and how long they took: "1 step in 2.0 s". */
export function pathWords({ steps, more, makespan }: CriticalAnswer): string {
  const all = steps.length + more;
  return `${count(all)} ${all === 1 ? "step" : "steps"} in ${duration(makespan)}`;
}

/** Of the steps that are not listed. */
export function moreWords(more: number): string {
  return more === 1
    ? "The shortest step is not listed."
    : `The ${count(more)} shortest steps are not listed.`;
}

type Times = Pick<PathStep, typeof PARTS[number]>;

function lengthOf(step: Times): number {
  return step.waiting + step.queueing + step.running;
}

function Bar({ step, whole }: { step: Times; whole: number }) {
  return (
    <span
      class="dag-parts"
      title={PARTS.map((part) => `${part} ${duration(step[part])}`).join(", ")}
    >
      {PARTS.map((part) => (
        <BarPart key={part} class={`dag-part-${part}`} share={step[part] / whole} />
      ))}
    </span>
  );
}
