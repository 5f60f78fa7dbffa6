import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Claim, ClaimRequest, ClaimState, Claims } from '@jobsweep/core';
import { beforeAll, expect } from 'vitest';
import type { ClusterUnderTest } from '../support/under-test.js';

/** Long enough for no claim to lapse while a test runs that does not want it to. */
export const TERM = 600;

/** Between two questions to a server about its own state. */
const POLL_MS = 20;

/** A request for the turn of a strategy that no other test knows. */
export const aRequest = (request: Partial<ClaimRequest> = {}): ClaimRequest => ({
  strategy: `strategy ${randomUUID()}`,
  holder: 'one',
  termSeconds: TERM,
  ...request,
});

/** Asks for a turn that is free. */
export async function claimed(claims: Pick<Claims<never>, 'acquire'>, request: ClaimRequest): Promise<Claim> {
  const answer = await claims.acquire(request);
  if (answer.outcome !== 'claimed') expect.fail(`The turn is ${answer.outcome}`);
  return answer.claim;
}

/** What is known of a strategy. */
export async function stateOf(claims: Pick<Claims<never>, 'list'>, strategy: string): Promise<ClaimState> {
  const state = (await claims.list()).find((each) => each.strategy === strategy);
  if (state === undefined) throw new Error(`Nobody ever had the turn of ${strategy}`);
  return state;
}

/** Asks again and again, until the server's own clock lets the turn go. */
export async function takeOver(claims: Pick<Claims<never>, 'acquire'>, request: ClaimRequest): Promise<Claim> {
  for (const end = performance.now() + 20_000; performance.now() < end; ) {
    const answer = await claims.acquire(request);
    if (answer.outcome === 'claimed') return answer.claim;
    expect(answer.outcome).toBe('held');
    await pause(POLL_MS);
  }
  throw new Error('The turn was not let go of for 20 seconds');
}

/** Waits until the server's own clock says that a turn has lapsed. */
export async function untilLapsed(claims: Pick<Claims<never>, 'list'>, strategy: string): Promise<void> {
  while (!(await stateOf(claims, strategy)).isLapsed) await pause(POLL_MS);
}

/** Makes jobsweep's own tables for the `describe` around. */
export function useOwnTables<Session extends object>(cluster: ClusterUnderTest<Session>): void {
  beforeAll(async () => {
    await cluster.store().ownTables.create();
  });
}
