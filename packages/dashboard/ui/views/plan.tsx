import type { NowAnswer, PlanAnswer, Sent } from '../../src/api/shapes.js';
import { type Known, useAnswer } from '../data/use-answer.js';
import { type Strategy, verdictOf } from '../health.js';
import { Command } from '../parts/command.js';
import { Dot } from '../parts/dot.js';
import { Name } from '../parts/name.js';
import { Answered, Notice } from '../parts/notice.js';
import { useClock } from '../parts/use-clock.js';
import { useSpeech } from '../words/words.js';

const LOOK_MS = 60_000;

type Plan = Sent<PlanAnswer>['strategies'][number];

/** What a round would do now. */
export function PlanView({ now }: { readonly now: Known<Sent<NowAnswer>> }) {
  const { words } = useSpeech();
  const known = useAnswer<Sent<PlanAnswer>>('plan', LOOK_MS);
  return (
    <>
      <h1>{words.views.plan}</h1>
      <Answered known={known}>
        {({ plannedAt, strategies }) => (
          <>
            <Intro plannedAt={plannedAt} />
            {strategies.map((plan) => (
              <Planned key={plan.name} plan={plan} now={now.answer} />
            ))}
          </>
        )}
      </Answered>
    </>
  );
}

function Intro({ plannedAt }: { readonly plannedAt: string }) {
  const { words, format } = useSpeech();
  const ms = useClock(plannedAt, Date.parse(plannedAt));
  return (
    <p class="faint">
      {words.plan.intro} {words.plan.planned(format.ago((ms - Date.parse(plannedAt)) / 1000))}
    </p>
  );
}

function Planned({ plan, now }: { readonly plan: Plan; readonly now: Sent<NowAnswer> | undefined }) {
  const { words, format } = useSpeech();
  const { name, description, isEnabled, samples, error, breaker } = plan;
  // A breaker that cannot tell yet counts on.
  const counted = breaker !== null && breaker.due > plan.due ? breaker : plan;
  const { due, isCapped, population, isPopulationCapped } = counted;
  const capped = (value: number, isIt: boolean) => `${format.number(value)}${isIt ? '+' : ''}`;
  const strategy = now?.strategies.find((one) => one.name === name);
  const approval = strategy?.claim?.approval ?? null;
  const level = !isEnabled ? 'off' : error !== null || breaker?.isTripped === true ? 'bad' : due > 0 ? 'busy' : 'good';
  return (
    <section class="card planned" aria-label={name}>
      <div class="heading">
        <h2>
          <Dot level={level} /> {description}
        </h2>
        <span>
          {error === null && due > 0 && (
            <>
              <strong class="figure">{words.plan.due(capped(due, isCapped))}</strong>
              {population !== null && <span class="faint">{words.of(capped(population, isPopulationCapped))}</span>}
            </>
          )}
          {error === null && due === 0 && <span class="faint">{words.plan.nothing}</span>}
        </span>
      </div>
      <p class="faint small">
        <code>
          <Name of={name} />
        </code>{' '}
        {!isEnabled && words.plan.off}
      </p>
      {plan.pause !== null && (
        <Notice level="note">
          {words.plan.paused(words.pausedBy(plan.pause.by, plan.pause.until && format.time(plan.pause.until)))}
        </Notice>
      )}
      {plan.mode === 'observe' && <Notice level="note">{words.plan.observes}</Notice>}
      {error !== null && (
        <Notice level="bad">
          <strong>{words.plan.why}</strong> <span>{error.message}</span>
        </Notice>
      )}
      {breaker?.isTripped === true && (
        <Notice level="bad">
          {words.plan.breaker(
            capped(breaker.due, breaker.isCapped),
            capped(breaker.population, breaker.isPopulationCapped),
            format.percent(breaker.maxShare, 1),
          )}
        </Notice>
      )}
      {approval !== null && (
        <Notice level="note">{words.plan.approved(format.number(approval.rows), format.time(approval.until))}</Notice>
      )}
      {error === null && <Facts plan={plan} />}
      {samples.length > 0 && (
        <>
          <h3>{words.plan.samples}</h3>
          <ul class="samples">
            {samples.map(({ id, description: sample }) => (
              <li key={id}>{sample}</li>
            ))}
          </ul>
        </>
      )}
      {(plan.pause !== null || (due > 0 && approval === null)) && (
        <Next plan={plan} isStopped={strategy !== undefined && isStopped(strategy, now)} />
      )}
    </section>
  );
}

/** Whether its breaker stopped its last pass, which an operator may approve. */
const isStopped = (strategy: Strategy, now: Sent<NowAnswer> | undefined): boolean =>
  verdictOf(strategy, now?.passes ?? [], Date.parse(now?.now ?? '')).why === 'tripped';

/** The command that has it done, where there is one. */
function Next({ plan, isStopped: isApprovable }: { readonly plan: Plan; readonly isStopped: boolean }) {
  const { words } = useSpeech();
  const { name, mode, pause, breaker, isRunnable } = plan;
  if (pause !== null) return <Offer title={words.plan.resume} command={`resume ${name}`} />;
  if (mode === 'observe' || !isRunnable) return null;
  if (breaker?.isTripped !== true) return <Offer title={words.plan.run} command={`run ${name}`} />;
  return isApprovable ? (
    <Offer title={words.plan.approve} command={`approve ${name}`} />
  ) : (
    <Offer title={words.plan.override} command={`run ${name} --override-breaker`} />
  );
}

function Offer({ title, command }: { readonly title: string; readonly command: string }) {
  return (
    <>
      <h3>{title}</h3>
      <Command text={command} />
    </>
  );
}

function Facts({ plan }: { readonly plan: Plan }) {
  const { words, format } = useSpeech();
  const { due, oldestAgeSeconds, expected, holding, undated, dependents } = plan;
  const facts: [string, string][] = [];
  if (due > 0 && oldestAgeSeconds !== null) facts.push([words.plan.oldest, format.length(oldestAgeSeconds)]);
  if (expected !== null) {
    const length = format.length(expected.seconds);
    const isRate = expected.basis === 'history';
    const said = isRate ? words.plan.about(length) : words.plan.atLeast(length);
    facts.push([
      words.plan.expected,
      `${said}${words.inBrackets(isRate ? words.plan.fromHistory : words.plan.fromReading)}`,
    ]);
  }
  if (dependents.length > 0) {
    const rows = dependents.map(({ table, rows, hasMore }) => `${table} ${format.number(rows)}${hasMore ? '+' : ''}`);
    facts.push([words.plan.withThem, words.list(rows)]);
  }
  const notes = [
    ...(holding !== null && holding > 0 ? [words.plan.holding(format.number(holding))] : []),
    ...(undated !== null && undated > 0 ? [words.plan.undated(format.number(undated))] : []),
  ];
  return (
    <>
      {facts.length > 0 && (
        <dl class="facts">
          {facts.map(([label, value]) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
      {notes.map((note) => (
        <p key={note} class="note-text small">
          {note}
        </p>
      ))}
    </>
  );
}
