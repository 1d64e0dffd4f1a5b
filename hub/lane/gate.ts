/** Holds readers up while it is closed. */
export class Gate {
  #closed: Promise<void> | null = null;
  #release: () => void = () => {};

  get isOpen(): boolean {
    return this.#closed === null;
  }

  close(): void {
    this.#closed ??= new Promise((resolve) => this.#release = resolve);
  }

  open(): void {
    this.#closed = null;
    this.#release();
  }

  /** Resolves when the gate is open. */
  async passed(): Promise<void> {
    while (this.#closed) await this.#closed;
  }
}
