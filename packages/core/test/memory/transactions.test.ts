import { describe, expect, test } from 'vitest';
import { aDatabase, statesOf, twoSessions, withId } from './support.js';

const all = () => true;

describe('a transaction', () => {
  test('sees what it has written, and others see it after the commit', async () => {
    const [database, one, other] = await twoSessions();
    await one.update('jobs', withId('1'), { state: 'FAILED' });
    const seenBy = (session: typeof one) => session.select((view) => view.row('jobs', '1')?.state);
    expect(await seenBy(one)).toBe('FAILED');
    expect(await seenBy(other)).toBe('RUNNING');
    await one.commit();
    expect(await seenBy(other)).toBe('FAILED');
    expect(statesOf(database)).toEqual(['FAILED', 'RUNNING']);
  });

  test('leaves nothing behind when it is rolled back', async () => {
    const [database, one] = await twoSessions();
    const before = [database.rows('jobs'), database.rows('allocations')];
    await one.insert('jobs', { id: '3' });
    await one.update('jobs', all, { state: 'FAILED' });
    await one.delete('allocations', all);
    expect(await one.select((view) => [view.rows('jobs', all).length, view.rows('allocations', all).length])).toEqual([
      3, 0,
    ]);
    await one.rollback();
    expect([database.rows('jobs'), database.rows('allocations')]).toEqual(before);
  });

  test('works no more once it has ended', async () => {
    const [, one] = await twoSessions();
    await one.commit();
    expect(one.isOpen).toBe(false);
    const ended = { code: 'SESSION_NOT_IN_TRANSACTION' };
    await expect(one.select(all)).rejects.toMatchObject(ended);
    await expect(one.update('jobs', all, {})).rejects.toMatchObject(ended);
    await expect(one.commit()).rejects.toMatchObject(ended);
    await expect(one.rollback()).resolves.toBeUndefined();
  });

  test('that only reads refuses to write and to lock', async () => {
    const [, one] = await twoSessions({ readOnly: true });
    expect(await one.select((view) => view.rows('jobs', all).length)).toBe(2);
    const refused = { code: 'DATABASE_ERROR', message: expect.stringContaining('read-only') };
    await expect(one.insert('jobs', { id: '3' })).rejects.toMatchObject(refused);
    await expect(one.lock('jobs', all)).rejects.toMatchObject(refused);
  });

  test('of work that rejects is rolled back, and the error is that of the work', async () => {
    const database = await aDatabase();
    const work = database.transaction(async (session) => {
      await session.update('jobs', all, { state: 'FAILED' });
      throw new RangeError('not so');
    });
    await expect(work).rejects.toThrow(RangeError);
    expect(statesOf(database)).toEqual(['RUNNING', 'RUNNING']);
  });
});

describe('the foreign key', () => {
  const refused = { code: 'ROW_REJECTED', constraint: 'allocations_jobId_fkey' };

  test('wants the job of an allocation that is added or moved', async () => {
    const [, one] = await twoSessions();
    await expect(one.insert('allocations', { id: '12', jobId: '9' })).rejects.toMatchObject(refused);
    await expect(one.update('allocations', withId('11'), { jobId: '9' })).rejects.toMatchObject(refused);
    await one.insert('allocations', { id: '13', jobId: null });
    expect(await one.update('allocations', withId('11'), { jobId: '2' })).toMatchObject([{ id: '11', jobId: '2' }]);
  });

  test('keeps a job that has allocations, and the transaction goes on', async () => {
    const [database, one] = await twoSessions();
    await expect(one.delete('jobs', all)).rejects.toMatchObject(refused);
    expect(await one.delete('allocations', withId('11'))).toEqual(['11']);
    expect(await one.delete('jobs', withId('1'))).toEqual(['1']);
    await one.commit();
    expect(database.rows('jobs').map(({ id }) => id)).toEqual(['2']);
  });

  test('holds on to the job until the allocation is committed', async () => {
    const [database, one, other] = await twoSessions();
    await one.insert('allocations', { id: '12', jobId: '2' });
    expect(await other.lock('jobs', all, { skipLocked: true })).toMatchObject([{ id: '1' }]);
    const deleted = other.delete('jobs', withId('2'));
    expect(other.isWaiting).toBe(true);
    await one.commit();
    await expect(deleted).rejects.toMatchObject(refused);
    await other.rollback();
    expect(database.rows('allocations')).toHaveLength(2);
  });

  test('lets two transactions add allocations of one job at once', async () => {
    const [database, one, other] = await twoSessions();
    await one.insert('allocations', { id: '12', jobId: '1' });
    await other.insert('allocations', { id: '13', jobId: '1' });
    await Promise.all([one.commit(), other.commit()]);
    expect(database.rows('allocations').map(({ id }) => id)).toEqual(['11', '12', '13']);
  });
});
