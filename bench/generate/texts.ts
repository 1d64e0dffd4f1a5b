/** The texts of a generated run. */
import type { App } from "./apps.ts";
import { noise } from "./random.ts";
import { OUTCOME, type Schedule } from "./schedule.ts";

/** Failed dependencies that an error lists, and how deep it tells of theirs. */
const LISTED = 8;
const DEPTH = 4;
/** Dependencies whose results are shown as inputs. */
const SHOWN_INPUTS = 64;

/** What Python's repr says of the failure of a try; "" when it did not fail. */
export function failureOf(schedule: Schedule, attempt: number, seed: number, depth = 0): string {
  const outcome = schedule.tryOutcome.data[attempt];
  const task = schedule.tryTask.data[attempt];
  const planned = schedule.taskPlan.data[task];
  const { plan } = schedule;
  if (outcome === OUTCOME.failed) return errorOf(plan.appOf(planned), task, seed);
  if (outcome === OUTCOME.managerLost) {
    const manager = schedule.managerOf(attempt);
    return `ManagerLost(b'${manager?.uid}', '${manager?.hostname}')`;
  }
  if (outcome !== OUTCOME.dependency && outcome !== OUTCOME.join) return "";
  const name = outcome === OUTCOME.join ? "JoinError" : "DependencyError";
  if (depth === DEPTH) return `${name}(...)`;
  const causes: string[] = [];
  const others = outcome === OUTCOME.join
    ? childrenOf(schedule, planned)
    : plan.dependenciesOf(planned);
  for (const other of others) {
    const failed = schedule.planTask[other];
    if (causes.length === LISTED || schedule.succeeded(failed)) continue;
    const cause = failureOf(schedule, schedule.taskTry.data[failed], seed, depth + 1);
    causes.push(`(${cause}, 'task ${failed}')`);
  }
  return `${name}([${causes.join(", ")}], ${task})`;
}

/** Indexes in the plan of the tasks that a join app called. */
export function childrenOf({ plan }: Schedule, planned: number): number[] {
  return Array.from({ length: plan.children.data[planned] }, (_, n) => planned + 1 + n);
}

function errorOf(app: App, task: number, seed: number): string {
  const number = 1 + Math.floor(noise(task, seed ^ 0x51) * 12);
  const short = app.failure.replace("%d", String(number));
  if (noise(task, seed ^ 0x52) > 0.15) return short;
  const frames = 12 + Math.floor(noise(task, seed ^ 0x53) * 50);
  let text = "Traceback (most recent call last):\\n";
  for (let n = 0; n < frames; n++) {
    text += `  File "/opt/pipeline/lib/python3.11/site-packages/pipeline/stage_${n % 7}.py", ` +
      `line ${40 + n * 13}, in step_${n}\\n    return step_${n + 1}(part, options)\\n`;
  }
  const cause = short.replace(/['"]/g, "");
  return `RemoteError('${app.name} failed:\\n${text}${cause}')`;
}

/** Python's str of the `inputs` of a task. */
export function inputsOf(schedule: Schedule, planned: number, resolved: boolean): string {
  const { plan } = schedule;
  const dependencies = plan.dependenciesOf(planned);
  if (dependencies.length < 2 || dependencies.length > SHOWN_INPUTS) return "None";
  const items: string[] = [];
  for (const dependency of dependencies) {
    const value = schedule.planTask[dependency];
    items.push(
      resolved ? String(value * 7 % 1009) : `<AppFuture at ${address(value)} state=pending>`,
    );
  }
  return `[${items.join(", ")}]`;
}

/** Python's str of the `outputs` of a task. */
export function outputsOf(app: App, task: number, rundir: string): string {
  if (!app.bash) return "None";
  const name = `${app.name}-${task}.dat`;
  const path = `${rundir}.work/${name}`;
  return `[<File at ${
    address(task)
  } url=${path} scheme=file netloc= path=${path} filename=${name}>]`;
}

function address(task: number): string {
  return `0x7f43${(0xf0000000 + task * 16 % 0xfffffff).toString(16)}`;
}

/** Where a bash app writes; "" for other apps. */
export function logOf(app: App, task: number, rundir: string, stream: "stdout" | "stderr"): string {
  if (!app.bash) return "";
  const folder = String(Math.floor(task / 10_000)).padStart(4, "0");
  return `${rundir}/task_logs/${folder}/task_${
    String(task).padStart(4, "0")
  }_${app.name}.${stream}`;
}
