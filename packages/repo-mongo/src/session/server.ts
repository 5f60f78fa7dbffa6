import { type Clock, JobsweepError } from '@jobsweep/core';
import type { Connection } from 'mongoose';
import { answered, bounds } from './answered.js';

/** What the server says about itself. */
interface Hello {
  readonly localTime: Date;
  /** Of a member of a replica set. */
  readonly setName?: string;
  /** `isdbgrid` for the router of a sharded cluster. */
  readonly msg?: string;
}

/** What a look at the server finds. */
export interface Look {
  readonly hasTransactions: boolean;
  /** What the store takes for now, in milliseconds since 1970. */
  readonly nowMs: number;
  /** The server's own time. */
  readonly serverMs: number;
}

/** Resolves when the connection is open, and rejects when it cannot be opened. */
export type Opened = () => Promise<unknown>;

/** The server's clock, and whether it has transactions: asked with `hello`, outside of any session. */
export class Server {
  private transactions: boolean | undefined;

  constructor(
    private readonly connection: Connection,
    private readonly opened: Opened,
    private readonly maxTimeMS: number,
    private readonly clock: Clock | undefined,
  ) {}

  /** Whether the server is part of a replica set or of a sharded cluster. Asks once. */
  async hasTransactions(): Promise<boolean> {
    return this.transactions ?? (await this.look()).hasTransactions;
  }

  /** The same, with the current time. */
  async look(): Promise<Look> {
    const { setName, msg, localTime } = await this.hello();
    const hasTransactions = setName !== undefined || msg === 'isdbgrid';
    this.transactions = hasTransactions;
    const serverMs = localTime.getTime();
    return { hasTransactions, nowMs: this.clock?.now().getTime() ?? serverMs, serverMs };
  }

  private async hello(): Promise<Hello> {
    const { connection, maxTimeMS } = this;
    await this.opened();
    const client = connection.getClient() as ReturnType<Connection['getClient']> | undefined;
    if (client == null) {
      const message = 'The connection was never opened. Await connection.openUri(...) or mongoose.connect(...) first.';
      throw new JobsweepError('CONNECTION_LOST', message);
    }
    const ask = () => {
      const answer = client
        .db('admin')
        .command({ hello: 1, maxTimeMS }, { readPreference: 'primary', ...bounds(maxTimeMS) });
      return answered(answer, maxTimeMS) as unknown as Promise<Hello>;
    };
    // A pooled connection may have died unnoticed. The driver asks again by itself for reads, and not for this.
    return ask().catch((error: unknown) => {
      if (error instanceof Error && error.name === 'MongoNetworkError') return ask();
      throw error;
    });
  }
}
