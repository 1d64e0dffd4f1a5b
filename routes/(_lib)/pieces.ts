import { messageOf } from "../../errors.ts";
import { warn } from "../../say.ts";

/**
 * A stream of what comes of some work, each piece made when the last one was taken. An error ends
 * it, and is told on the terminal.
 *
 * @param work gives the pieces
 * @param leave called when who reads goes away before the end
 */
export function pieces(
  work: Promise<AsyncIterable<Uint8Array>>,
  leave: () => void,
): ReadableStream<Uint8Array> {
  let iterator: AsyncIterator<Uint8Array> | undefined;
  let left = false;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        iterator ??= (await work)[Symbol.asyncIterator]();
        const { done, value } = await iterator.next();
        if (left) return;
        if (done) controller.close();
        else controller.enqueue(value);
      } catch (error) {
        if (left) return;
        warn(messageOf(error));
        throw error;
      }
    },
    async cancel() {
      left = true;
      leave();
      await iterator?.return?.();
    },
  }, { highWaterMark: 1 });
}
