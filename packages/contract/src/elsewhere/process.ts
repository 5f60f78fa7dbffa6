// A process of the suite's own: a runner on another machine. It opens a store of the adapter under test, and does what it is
// told over IPC. Its clock is set before anything else is loaded.
import type { AdapterModule } from '@jobsweep/core';
import type { Order, Point, Start, Told } from './messages.js';

const { module, connection, options, clockShiftMs } = JSON.parse(process.argv[2] ?? '{}') as Start;
shiftClock(clockShiftMs);

const { runStuckPass } = await import('./stuck-pass.js');
const { openStore } = (await import(module)) as AdapterModule;
const { store, close } = await openStore(connection, options);
const waiting: (() => void)[] = [];

process.on('message', (order: Order) => {
  void obey(order).catch((error: unknown) => tell({ told: 'error', message: String(error) }));
});
process.on('disconnect', () => process.exit());
tell({ told: 'ready' });

async function obey(order: Order): Promise<void> {
  switch (order.do) {
    case 'acquire':
      return tell({ told: 'answer', answer: await store.claims.acquire(order.request) });
    case 'pass':
      return tell({ told: 'pass', pass: await runStuckPass(store, order.order, waitAt) });
    case 'go on':
      return waiting.pop()?.();
    case 'end':
      await close();
      process.disconnect();
  }
}

async function waitAt(point: Point): Promise<void> {
  const told = new Promise<void>((resolve) => waiting.push(resolve));
  tell({ told: 'reached', point });
  await told;
}

function tell(told: Told): void {
  process.send?.(told);
}

function shiftClock(ms: number): void {
  const RealDate = Date;
  class ShiftedDate extends RealDate {
    constructor(...given: readonly unknown[]) {
      super(...((given.length === 0 ? [RealDate.now() + ms] : given) as [number]));
    }
    static override now(): number {
      return RealDate.now() + ms;
    }
  }
  globalThis.Date = ShiftedDate as DateConstructor;
}
