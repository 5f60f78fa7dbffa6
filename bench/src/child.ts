import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

/** A program of ours in a process of its own, which answers with messages. */
export class Child<Message> {
  private constructor(private readonly process: ChildProcess) {}

  /** @param program the built file. */
  static start<Message>(program: string, args: readonly string[]): Child<Message> {
    return new Child<Message>(fork(program, [...args], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] }));
  }

  /** Its next message. Rejects where it ends without one. */
  async message(): Promise<Message> {
    const ended = new AbortController();
    const message = once(this.process, 'message', { signal: ended.signal }) as Promise<[Message]>;
    const exit = once(this.process, 'exit', { signal: ended.signal }).then(([code]) => {
      throw new Error(`A process of the bench ended with ${code}`);
    });
    try {
      const [answer] = await Promise.race([message, exit]);
      return answer;
    } finally {
      ended.abort();
      await Promise.allSettled([message, exit]);
    }
  }

  /** Says something to it. */
  tell(word: string): void {
    this.process.send(word);
  }

  async close(): Promise<void> {
    if (this.process.exitCode !== null) return;
    this.process.kill();
    await once(this.process, 'exit');
  }
}
