import { JobsweepError } from '../../errors.js';

/** Who holds or awaits a lock: one transaction. */
export type Owner = object;

/** `exclusive`: to change or delete the row. `shared`: to point at it, so that it stays. */
export type LockMode = 'shared' | 'exclusive';

interface Waiter {
  readonly owner: Owner;
  readonly mode: LockMode;
  /** Ends the waiting: with the lock, or without it because of an error. */
  readonly end: (error?: JobsweepError) => void;
}

interface Lock {
  readonly holders: Map<Owner, LockMode>;
  readonly queue: Waiter[];
}

/** The locks of rows, by a key for each row. They are held until the transaction ends. */
export class Locks {
  private readonly locks = new Map<string, Lock>();
  private readonly waiting = new Map<Owner, Lock>();

  /** Takes the lock if nobody is in the way. */
  tryLock(owner: Owner, key: string, mode: LockMode): boolean {
    const lock = this.locks.get(key) ?? { holders: new Map<Owner, LockMode>(), queue: [] };
    const held = lock.holders.get(owner);
    if (held === 'exclusive' || held === mode) return true;
    if (inTheWay(lock, owner, mode).length > 0) return false;
    lock.holders.set(owner, mode);
    this.locks.set(key, lock);
    return true;
  }

  /**
   * Takes the lock, and waits for it where others are in the way. Rejects with `CONFLICT` when they wait for this
   * transaction in turn, and with `LOCK_TIMEOUT` after `timeoutMs`.
   */
  async lock(owner: Owner, key: string, mode: LockMode, timeoutMs: number): Promise<void> {
    if (this.tryLock(owner, key, mode)) return;
    const lock = this.locks.get(key);
    if (lock === undefined) return;
    if (this.wouldDeadlock(owner, lock, mode)) {
      throw new JobsweepError('CONFLICT', `A deadlock: others wait for this transaction, and it for ${key}.`);
    }
    await new Promise<void>((resolve, reject) => {
      const end: Waiter['end'] = (error) => {
        clearTimeout(timer);
        this.waiting.delete(owner);
        lock.queue.splice(lock.queue.indexOf(waiter), 1);
        if (error === undefined) resolve();
        else reject(error);
      };
      const waiter: Waiter = { owner, mode, end };
      const giveUp = () => {
        end(new JobsweepError('LOCK_TIMEOUT', `Others hold ${key} for longer than this transaction may wait.`));
        grantNext(lock);
      };
      const timer = timeoutMs === Number.POSITIVE_INFINITY ? undefined : setTimeout(giveUp, timeoutMs);
      lock.queue.push(waiter);
      this.waiting.set(owner, lock);
    });
  }

  /** Gives all that a transaction holds to those who wait for it. What it waits for itself, it waits for no more. */
  release(owner: Owner): void {
    const awaited = this.waiting.get(owner);
    if (awaited !== undefined) {
      const ended = new JobsweepError('SESSION_NOT_IN_TRANSACTION', 'The transaction has ended while it waited.');
      waiterOf(awaited, owner)?.end(ended);
      grantNext(awaited);
    }
    for (const [key, lock] of this.locks) {
      if (lock.holders.delete(owner)) grantNext(lock);
      if (lock.holders.size === 0) this.locks.delete(key);
    }
  }

  isWaiting(owner: Owner): boolean {
    return this.waiting.has(owner);
  }

  private wouldDeadlock(owner: Owner, lock: Lock, mode: LockMode): boolean {
    const reached = new Set<Owner>();
    const next = inTheWay(lock, owner, mode);
    for (let other = next.pop(); other !== undefined; other = next.pop()) {
      if (other === owner) return true;
      if (reached.has(other)) continue;
      reached.add(other);
      const awaited = this.waiting.get(other);
      if (awaited === undefined) continue;
      const waiter = waiterOf(awaited, other);
      if (waiter !== undefined) next.push(...inTheWay(awaited, other, waiter.mode));
    }
    return false;
  }
}

/** Those that have to let go first: holders, and whoever came before. */
function inTheWay({ holders, queue }: Lock, owner: Owner, mode: LockMode): Owner[] {
  const own = queue.findIndex((waiter) => waiter.owner === owner);
  const before = own < 0 ? queue : queue.slice(0, own);
  const others = [...holders, ...before.map((waiter) => [waiter.owner, waiter.mode] as const)];
  return others.filter(([other, held]) => other !== owner && clash(held, mode)).map(([other]) => other);
}

const waiterOf = ({ queue }: Lock, owner: Owner) => queue.find((waiter) => waiter.owner === owner);

function grantNext(lock: Lock): void {
  for (const waiter of [...lock.queue]) {
    if (inTheWay(lock, waiter.owner, waiter.mode).length > 0) continue;
    lock.holders.set(waiter.owner, waiter.mode);
    waiter.end();
  }
}

const clash = (held: LockMode, wanted: LockMode) => held === 'exclusive' || wanted === 'exclusive';
