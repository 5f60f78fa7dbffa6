import type { CleanupStrategy } from '@jobsweep/core';
import type { InHand } from '../lifecycle/in-hand.js';
import type { RunnerParts } from '../parts.js';
import { followSignals } from '../turn/follow-signals.js';
import type { RunReport, StrategyReport } from '../turn/report.js';
import { abortedBefore, isFailure, planTurn, sayWhy, stoppedBy, type Turn } from '../turn/turn.js';
import { leftOut, type Selection } from './selection.js';

/** How one round runs. */
export interface RunOnceOptions extends Selection {
  /** Look only, in read-only transactions. Default: `false`. */
  readonly dryRun?: boolean;
  /** Ends the round after the statement in hand; committed batches stay. */
  readonly signal?: AbortSignal | undefined;
  /** Lets passes go on that the breaker would stop; it is written to the history. Default: `false`. */
  readonly overrideBreaker?: boolean;
}

/** Runs every strategy once, one after the other. */
export async function runRound<Session>(
  parts: RunnerParts<Session>,
  hand: InHand,
  round: RunOnceOptions,
): Promise<RunReport> {
  const { strategies, logger } = parts;
  const { opening } = parts.connection;
  const { dryRun = false } = round;
  const { words } = parts.settings;
  const taking = strategies.filter((strategy) => leftOut(strategy, round, words) === undefined);
  if (dryRun) await opening.requireSchema({ taking, multiWriter: 'accepted' });
  else await opening.requireAll({ taking, multiWriter: parts.settings.multiWriter });

  const startedAt = new Date();
  const startedMs = performance.now();
  const reports = new Map<string, StrategyReport>();
  for (const strategy of strategies) {
    const { name, description } = strategy;
    const leave = leftOut(strategy, round, words) ?? abortedBefore(round.signal, hand.stopSignal, words);
    const report = leave ? { name, description, ...leave } : await takeTurn(parts, hand, strategy, round, reports);
    sayWhy(report, logger);
    reports.set(name, report);
  }
  const all = [...reports.values()];
  const ok = all.every(({ status, pass }) => !isFailure(status) && pass?.stopReason !== 'aborted');
  return { dryRun, startedAt, durationMs: performance.now() - startedMs, ok, strategies: all };
}

async function takeTurn<Session>(
  { connection, turns, settings }: RunnerParts<Session>,
  hand: InHand,
  strategy: CleanupStrategy<Session>,
  { dryRun, signal, overrideBreaker = false }: RunOnceOptions,
  reports: ReadonlyMap<string, StrategyReport>,
): Promise<StrategyReport> {
  const { name, description } = strategy;
  const named = (turn: Turn) => ({ name, description, ...turn });
  const blocked = stoppedBy(strategy, reports, settings.words);
  if (dryRun) {
    const both = followSignals(signal, hand.signal);
    return named(
      blocked ?? (await planTurn(connection.store, strategy, both.signal, settings.words).finally(both.dispose)),
    );
  }
  if (blocked) return turns.skip(strategy, blocked).report;
  const request = { notWithinSeconds: 0, overrideBreaker, signals: [signal, hand.signal], stopSignal: hand.stopSignal };
  return (await turns.take(strategy, request)).report;
}
