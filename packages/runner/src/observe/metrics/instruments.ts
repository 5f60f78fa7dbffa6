import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** From an empty look on an index to the longest timeout of a strategy. */
const PASS_SECONDS = [0.005, 0.02, 0.1, 0.5, 1, 5, 15, 60, 300, 1200, 3600];

/** Around 200 ms, which is what a batch should take. */
const BATCH_SECONDS = [0.005, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 5, 30];

/** From the shortest interval to a month, past which nothing should live. */
const HEAL_SECONDS = [1, 5, 15, 60, 300, 900, 3600, 14_400, 86_400, 604_800, 2_592_000];

/** Every metric that jobsweep has. Their labels are bounded: names of strategies and words of a fixed list. */
export type Instruments = ReturnType<typeof createInstruments>;

/**
 * Makes the metrics in a registry. Throws when it has one of these names already.
 *
 * @param refresh called before the registry is read, to set what is only worth knowing then.
 */
export function createInstruments(registry: Registry, refresh: () => void) {
  const registers = [registry];
  const perStrategy = ['strategy'] as const;
  const counter = <Label extends string = 'strategy'>(name: string, help: string, labelNames: readonly Label[]) =>
    new Counter<Label>({ registers, name: `jobsweep_${name}`, help, labelNames });
  const gauge = <Label extends string = never>(name: string, help: string, labelNames: readonly Label[] = []) =>
    new Gauge<Label>({ registers, name: `jobsweep_${name}`, help, labelNames });
  const seconds = <Label extends string>(name: string, help: string, labelNames: readonly Label[], buckets: number[]) =>
    new Histogram<Label>({ registers, name: `jobsweep_${name}_seconds`, help, labelNames, buckets });

  return {
    // A registry asks its metrics in their order, so this one's `collect` comes before all others are read.
    info: new Gauge({
      registers,
      name: 'jobsweep_runner_info',
      help: 'Always 1; its label is the version of the runner.',
      labelNames: ['version'],
      collect: refresh,
    }),
    ready: gauge('ready', '1 while the runner runs and its database answers, as /readyz says, else 0.'),
    coordinated: gauge('coordinated', '1 when turns are claimed in the database, 0 when the runner works alone.'),
    clockSkew: gauge('clock_skew_seconds', "How far this machine's clock is ahead of the database's."),

    enabled: gauge('strategy_enabled', '1 when the strategy takes part, else 0.', perStrategy),
    waiting: gauge('strategy_waiting', '1 while a pass of the strategy waits for the probe, else 0.', perStrategy),
    paused: gauge(
      'strategy_paused',
      '1 when the last turn of the strategy was refused as it is paused, else 0.',
      perStrategy,
    ),
    observing: gauge('strategy_observing', '1 when the strategy only observes, else 0.', perStrategy),
    running: gauge('strategy_running', '1 while a pass of the strategy runs here, else 0.', perStrategy),
    nextRun: gauge('next_run_timestamp_seconds', 'When this runner asks for the next turn, in Unix time.', perStrategy),
    lastSuccess: gauge(
      'last_success_timestamp_seconds',
      'When a pass last ended here without failing, in Unix time; passes with nothing to do count.',
      perStrategy,
    ),

    turns: counter('turns_total', 'Turns by what became of them, whether a pass ran or not.', ['strategy', 'status']),
    claims: counter(
      'claims_total',
      'Claims on turns: acquired, taken_over from a runner that let its claim lapse, held by another runner, lost.',
      ['strategy', 'outcome'],
    ),
    passes: counter('passes_total', 'Passes by why they ended.', ['strategy', 'stop_reason']),
    passDuration: seconds(
      'pass_duration',
      'How long passes took; skipped ones had nothing to do.',
      ['strategy', 'status'],
      PASS_SECONDS,
    ),
    waited: counter('waited_seconds_total', 'How long passes waited for the probe.', perStrategy),
    probe: gauge('probe_value', 'What the probe said when a pass last waited for it.'),
    batches: counter('batches_total', 'Committed transactions that repaired a batch.', perStrategy),
    batchDuration: seconds('batch_duration', 'How long batches took, pauses left out.', perStrategy, BATCH_SECONDS),
    items: counter(
      'items_total',
      'Rows that were found due, by what became of them: cleaned, contended, passed_over, blocked, unknown.',
      ['strategy', 'outcome'],
    ),
    errors: counter('errors_total', 'Errors by the code of docs/errors.md; OTHER has none.', ['code']),

    leaked: counter(
      'leaked_resource_seconds_total',
      'How long repaired leaks had been due: finished jobs that held resources, stale reservations, stuck jobs.',
      perStrategy,
    ),
    timeToHeal: seconds('time_to_heal', 'How long repaired rows had been due.', perStrategy, HEAL_SECONDS),

    due: gauge('due_rows', 'Rows that are due, counted up to 10000.', perStrategy),
    population: gauge('population_rows', 'What due rows are a share of, counted up to 10000.', perStrategy),
    undated: gauge('undated_rows', 'Rows that can never be due as their time is not set, up to 10000.', perStrategy),
    oldestAge: gauge('oldest_due_age_seconds', 'Age of the oldest row that is due; 0 when none is.', perStrategy),
    ageLimit: gauge('age_limit_seconds', 'The age at which rows of the strategy become due.', perStrategy),
    backlogFailures: counter('backlog_failures_total', 'Times that the backlog could not be counted.', perStrategy),
  };
}
