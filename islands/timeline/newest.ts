interface Waiting {
  start(): void;
  /** It is not asked after all. */
  drop(): void;
}

/** Questions of which only the last one's answer counts; one is asked at a time. */
export class Newest {
  #waiting: Waiting | undefined;
  #asking = false;
  #turn = 0;

  /** The answer to a question, or undefined when another one came after it, or it failed. */
  of<Answer>(ask: () => Promise<Answer>): Promise<Answer | undefined> {
    this.forget();
    const turn = this.#turn;
    return new Promise((resolve) => {
      const start = async () => {
        this.#asking = true;
        const answer = await ask().catch(() => undefined);
        this.#asking = false;
        resolve(turn === this.#turn ? answer : undefined);
        const next = this.#waiting;
        this.#waiting = undefined;
        next?.start();
      };
      if (this.#asking) this.#waiting = { start, drop: () => resolve(undefined) };
      else void start();
    });
  }

  /** Nobody waits for the last question any more. */
  forget(): void {
    this.#turn++;
    this.#waiting?.drop();
    this.#waiting = undefined;
  }
}
