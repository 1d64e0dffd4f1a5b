import { PLAIN_APPS } from "./apps.ts";
import { Plan } from "./plan.ts";
import type { Random } from "./random.ts";
import { planStages } from "./stages.ts";

/** How the tasks of a run hang together. */
export const SHAPES = ["stages", "chain", "independent", "random", "wide"] as const;
export type Shape = typeof SHAPES[number];

/** A plan of exactly so many tasks in a shape. */
export function planOf(shape: Shape, tasks: number, random: Random): Plan {
  if (shape === "stages") return planStages(tasks, random);
  const plan = new Plan();
  const [simulate, analyze, preprocess, , summarize] = PLAIN_APPS;
  for (let task = 0; task < tasks; task++) {
    if (shape === "chain") {
      plan.add(simulate, task > 0 ? [task - 1] : []);
    } else if (shape === "independent") {
      plan.add(analyze, [], { doomed: random.next() < 0.0005 });
    } else if (shape === "random") {
      plan.add(PLAIN_APPS[random.between(0, PLAIN_APPS.length - 1)], earlier(task, random));
    } else if (task === 0) {
      plan.add(preprocess);
    } else if (task < tasks - 1) {
      plan.add(analyze, [0]);
    } else {
      plan.add(summarize, Array.from({ length: tasks - 1 }, (_, other) => other));
    }
  }
  return plan;
}

/** Up to three different tasks before one. */
function earlier(task: number, random: Random): Set<number> {
  const found = new Set<number>();
  if (task === 0) return found;
  for (let n = random.between(0, 3); n > 0; n--) found.add(random.between(0, task - 1));
  return found;
}
