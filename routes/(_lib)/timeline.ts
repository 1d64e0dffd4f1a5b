import { type Lanes, lanesOf } from "../../model/timeline/lanes.ts";
import { isGrowing } from "../../live/views/views.ts";
import { answerRun, type Asked, type RunRequest } from "./answer.ts";

const NOTHING = "The timeline has no such part: from < to, first, lanes and columns name one.";

/** What an answer about a run's timeline is made of. */
export interface TimelineRequest extends RunRequest {
  lanes: Lanes;
  /** A parameter that is a number; NaN for what is none. */
  number(name: string): number;
}

/** Answers a question about the timeline of the run that the parameter `run` names, see {@link answerRun}. */
export function answerTimeline(
  ctx: Asked,
  answer: (request: TimelineRequest) => object | null | undefined,
): Promise<Response> {
  return answerRun(ctx, NOTHING, async (request) => {
    const number = (name: string) => {
      const text = request.params.get(name)?.trim();
      return text ? Number(text) : NaN;
    };
    const { run, followed } = request;
    return answer({ ...request, number, lanes: await lanesOf(run, isGrowing(followed)) });
  });
}
