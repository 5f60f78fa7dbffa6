import { describe, expect, test } from 'vitest';
import { statesOf, twoSessions, withId } from './support.js';

const all = () => true;

describe('a row that another transaction holds', () => {
  test('is left out by whoever skips locked rows', async () => {
    const [, one, other] = await twoSessions();
    await one.lock('jobs', withId('1'));
    expect(await other.lock('jobs', all, { skipLocked: true })).toMatchObject([{ id: '2' }]);
    await one.rollback();
    expect(await other.lock('jobs', all, { skipLocked: true })).toMatchObject([{ id: '1' }, { id: '2' }]);
  });

  test('is waited for, and looked at again when it is free', async () => {
    const [database, one, other] = await twoSessions();
    await one.update('jobs', withId('1'), { state: 'COMPLETED' });
    const failed = other.update('jobs', ({ state }) => state === 'RUNNING', { state: 'FAILED' });
    expect(other.isWaiting).toBe(true);
    await one.commit();
    expect(await failed).toMatchObject([{ id: '2' }]);
    await other.commit();
    expect(statesOf(database)).toEqual(['COMPLETED', 'FAILED']);
  });

  test('is gone for whoever waited for it, when it was deleted', async () => {
    const [, one, other] = await twoSessions();
    await one.delete('jobs', withId('2'));
    const locked = other.lock('jobs', withId('2'));
    await one.commit();
    expect(await locked).toEqual([]);
  });

  test('is waited for no longer than the transaction may', async () => {
    const [, one, other] = await twoSessions({ lockTimeoutSeconds: 0.01 });
    await one.lock('jobs', withId('1'));
    await expect(other.lock('jobs', all)).rejects.toMatchObject({ code: 'LOCK_TIMEOUT' });
    expect(other.isWaiting).toBe(false);
    await one.commit();
    expect(await other.lock('jobs', all)).toHaveLength(2);
  });

  test('goes to those who wait in the order in which they came', async () => {
    const [database, one, other] = await twoSessions();
    const third = database.begin();
    await one.lock('jobs', withId('1'));
    const order: string[] = [];
    const first = other.update('jobs', withId('1'), { name: 'other' }).then(() => order.push('other'));
    const second = third.update('jobs', withId('1'), { name: 'third' }).then(() => order.push('third'));
    await one.commit();
    await first;
    expect(third.isWaiting).toBe(true);
    await other.commit();
    await second;
    await third.commit();
    expect(order).toEqual(['other', 'third']);
    expect(database.rows('jobs')[0]?.name).toBe('third');
  });

  test('is waited for no more by a transaction that has ended', async () => {
    const [, one, other] = await twoSessions();
    await one.lock('jobs', withId('1'));
    const waiting = other.lock('jobs', withId('1'));
    await other.rollback();
    await expect(waiting).rejects.toMatchObject({ code: 'SESSION_NOT_IN_TRANSACTION' });
    await one.commit();
  });
});

describe('two transactions that wait for each other', () => {
  test('are a conflict of the one that closes the circle', async () => {
    const [database, one, other] = await twoSessions();
    await one.update('jobs', withId('1'), { name: 'one' });
    await other.update('jobs', withId('2'), { name: 'other' });
    const waiting = one.update('jobs', withId('2'), { name: 'one' });
    await expect(other.update('jobs', withId('1'), { name: 'other' })).rejects.toMatchObject({ code: 'CONFLICT' });
    await other.rollback();
    await waiting;
    await one.commit();
    expect(database.rows('jobs').map(({ name }) => name)).toEqual(['one', 'one']);
  });

  test('are one also when both hold on to a job that both want to change', async () => {
    const [, one, other] = await twoSessions();
    await one.insert('allocations', { id: '12', jobId: '1' });
    await other.insert('allocations', { id: '13', jobId: '1' });
    const waiting = one.update('jobs', withId('1'), { name: 'one' });
    await expect(other.lock('jobs', withId('1'))).rejects.toMatchObject({ code: 'CONFLICT' });
    await other.rollback();
    expect(await waiting).toHaveLength(1);
  });
});
