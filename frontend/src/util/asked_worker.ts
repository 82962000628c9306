/** Has a worker answer questions: the page's side, and the worker's. */

/** A question, or the answer to it. */
export interface Message<Content> {
  readonly id: number;
  readonly content: Content;
}

export class AskedWorker<Question, Answer> {
  private worker: Worker | null = null;
  private isBroken = false;
  private readonly waiting = new Map<number, (answer: Answer | null) => void>();
  private sent = 0;

  /** @param create starts the worker with the first question */
  constructor(private readonly create: () => Worker) {}

  /**
   * Returns the answer; null where there can be no worker, as in a page that is a file: the page then
   * does the work itself, more slowly.
   */
  ask(content: Question, transfer: Transferable[]): Promise<Answer | null> {
    const worker = this.worker ?? this.start();
    if (worker === null) return Promise.resolve(null);
    const id = ++this.sent;
    return new Promise((resolve) => {
      this.waiting.set(id, resolve);
      worker.postMessage({ id, content } satisfies Message<Question>, transfer);
    });
  }

  /** Ends the worker; what it was asked last stays without an answer. */
  end(): void {
    this.worker?.terminate();
    this.worker = null;
  }

  private start(): Worker | null {
    if (this.isBroken) return null;
    try {
      this.worker = this.create();
    } catch {
      this.isBroken = true;
      return null;
    }
    this.worker.onmessage = ({ data: { id, content } }: MessageEvent<Message<Answer>>) => {
      this.waiting.get(id)?.(content);
      this.waiting.delete(id);
    };
    this.worker.onerror = () => {
      this.isBroken = true;
      this.worker = null;
      for (const resolve of this.waiting.values()) resolve(null);
      this.waiting.clear();
    };
    return this.worker;
  }
}

/** Answers all that the page asks; to be called in the worker. */
export function answerAll<Question, Answer>(
  answerOf: (question: Question) => Answer,
  buffersOf: (answer: Answer) => Transferable[] = () => [],
): void {
  self.onmessage = ({ data: { id, content } }: MessageEvent<Message<Question>>) => {
    const answer = answerOf(content);
    const message: Message<Answer> = { id, content: answer };
    self.postMessage(message, { transfer: buffersOf(answer) });
  };
}
