import { describe, expect, it } from 'vitest';
import { resolveSchema, type SchemaOptions } from '../../src/index.js';
import { errorWith } from '../support.js';

const invalid = (message: string) => errorWith('INVALID_SCHEMA', message);
const statesOf = (states?: NonNullable<SchemaOptions['jobs']>['states']) =>
  resolveSchema({ jobs: states ? { states } : {} }).jobs.states;

describe('the states of a column', () => {
  it('are their own names by default', () => {
    const states = statesOf();
    for (const state of ['PENDING', 'RUNNING', 'COMPLETED', 'FAILED', 'CANCELLED'] as const) {
      expect(states.rawOf(state)).toEqual([state]);
      expect(states.writtenFor(state)).toBe(state);
      expect(states.known(state)).toBe(state);
    }
    const statuses = resolveSchema().allocations?.statuses;
    for (const status of ['RESERVED', 'ALLOCATED', 'RELEASED'] as const) {
      expect(statuses?.rawOf(status)).toEqual([status]);
      expect(statuses?.known(status)).toBe(status);
    }
  });

  it('may have several raw values, of which the first is written', () => {
    const states = statesOf({ RUNNING: 'R', COMPLETED: ['done', 'ok'], FAILED: ['F', 'OOM', 'TIMEOUT'] });
    expect(states.rawOf('COMPLETED', 'FAILED')).toEqual(['done', 'ok', 'F', 'OOM', 'TIMEOUT']);
    expect(states.writtenFor('FAILED')).toBe('F');
    expect(states.known('OOM')).toBe('FAILED');
    expect(states.known('ok')).toBe('COMPLETED');
  });

  it('may be numbers, which a driver may hand over as text', () => {
    const states = statesOf({ PENDING: 0, RUNNING: 1, COMPLETED: [2, 3], FAILED: 9, CANCELLED: 8 });
    expect(states.rawOf('PENDING', 'COMPLETED')).toEqual([0, 2, 3]);
    expect(states.writtenFor('FAILED')).toBe(9);
    expect(states.known(0)).toBe('PENDING');
    expect(states.known('3')).toBe('COMPLETED');
  });

  it('are compared exactly', () => {
    const states = statesOf();
    for (const raw of ['running', 'RUNNING ', '', 'SUSPENDED', 1, null]) expect(states.known(raw)).toBeUndefined();
  });

  it('that are left out are states the table does not have', () => {
    const states = statesOf({ RUNNING: 'R', FAILED: 'F', COMPLETED: [] });
    expect(states.rawOf('PENDING', 'COMPLETED', 'CANCELLED')).toEqual([]);
    expect(states.known('PENDING')).toBeUndefined();
  });
});

describe('a mapping of states is refused', () => {
  it('when one raw value means two states', () => {
    expect(() => statesOf({ RUNNING: 'R', COMPLETED: ['C', 'X'], FAILED: 'F', CANCELLED: 'X' })).toThrow(
      invalid('schema.jobs.states maps X to COMPLETED and to CANCELLED. Keep one of them.'),
    );
  });

  it('when one raw value is written down once as a number and once as text', () => {
    expect(() => statesOf({ RUNNING: 1, FAILED: '1' })).toThrow(
      invalid('schema.jobs.states maps 1 to RUNNING and to FAILED. Keep one of them.'),
    );
  });

  it.each([
    [{ RUNNING: 'R' }, 'FAILED'],
    [{ FAILED: 'F' }, 'RUNNING'],
    [{ RUNNING: [], FAILED: 'F' }, 'RUNNING'],
  ])('when a state that is read or written is missing: %o', (states, missing) => {
    expect(() => statesOf(states)).toThrow(
      invalid(`schema.jobs.states.${missing} has no raw value. Name the value the column holds for it.`),
    );
  });

  it('when RELEASED, which is written, is missing', () => {
    expect(() => resolveSchema({ allocations: { statuses: { RESERVED: 'r', ALLOCATED: 'a' } } })).toThrow(
      invalid('schema.allocations.statuses.RELEASED has no raw value. Name the value the column holds for it.'),
    );
  });

  it('when a name is no state', () => {
    const states = JSON.parse('{ "RUNNING": "R", "FAILED": "F", "FINISHED": "C" }') as { RUNNING: string };
    expect(() => statesOf(states)).toThrow(
      invalid('schema.jobs.states.FINISHED is no state. Use PENDING, RUNNING, COMPLETED, FAILED, CANCELLED.'),
    );
  });
});
