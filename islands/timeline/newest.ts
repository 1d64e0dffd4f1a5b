/** Questions of which only the last one's answer counts; one is asked at a time. */
export class Newest {
  #next: (() => void) | undefined;
  #asking = false;
  #turn = 0;

  /** The answer to a question, or undefined when another one came after it, or it failed. */
  of<Answer>(ask: (signal?: AbortSignal) => Promise<Answer>): Promise<Answer | undefined> {
    const turn = ++this.#turn;
    return new Promise((resolve) => {
      const start = async () => {
        this.#asking = true;
        const answer = await ask().catch(() => undefined);
        this.#asking = false;
        resolve(turn === this.#turn ? answer : undefined);
        const next = this.#next;
        this.#next = undefined;
        next?.();
      };
      if (this.#asking) this.#next = () => void start();
      else void start();
    });
  }

  /** Nobody waits for the last question any more. */
  forget(): void {
    this.#turn++;
    this.#next = undefined;
  }
}
