import type { PlanAnswer, Sent } from '../../src/api/shapes.js';
import { useAnswer } from '../data/use-answer.js';
import { Code } from '../parts/code.js';
import { Dot } from '../parts/dot.js';
import { Answered, Notice } from '../parts/notice.js';
import { useClock } from '../parts/use-clock.js';
import { useSpeech } from '../words/words.js';

const LOOK_MS = 60_000;

type Plan = Sent<PlanAnswer>['strategies'][number];

/** What a round would do now. */
export function PlanView() {
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
              <Planned key={plan.name} plan={plan} />
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

function Planned({ plan }: { readonly plan: Plan }) {
  const { words, format } = useSpeech();
  const { name, description, isEnabled, due, isCapped, population, isPopulationCapped, samples, error, breaker } = plan;
  const plus = (isIt: boolean) => (isIt ? '+' : '');
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
              <strong class="figure">{words.plan.due(`${format.number(due)}${plus(isCapped)}`)}</strong>{' '}
              {population !== null && (
                <span class="faint">{words.plan.of(`${format.number(population)}${plus(isPopulationCapped)}`)}</span>
              )}
            </>
          )}
          {error === null && due === 0 && <span class="faint">{words.plan.nothing}</span>}
        </span>
      </div>
      <p class="faint small">
        <code>{name}</code> {!isEnabled && words.plan.off}
      </p>
      {plan.pause !== null && (
        <Notice level="note">{words.pausedBy(plan.pause.by, plan.pause.until && format.time(plan.pause.until))}</Notice>
      )}
      {plan.mode === 'observe' && <Notice level="note">{words.plan.observes}</Notice>}
      {error !== null && (
        <Notice level="bad">
          <strong>{words.plan.why}</strong> <span>{error.message}</span>
        </Notice>
      )}
      {breaker?.isTripped === true && (
        <Notice level="bad">
          <strong>{words.plan.breaker}</strong> <span>{breaker.figures}</span>
        </Notice>
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
          <h3>{words.plan.run}</h3>
          <Code text={`jobsweep run ${name}`} />
        </>
      )}
    </section>
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
    facts.push([words.plan.expected, `${said} (${isRate ? words.plan.fromHistory : words.plan.fromReading})`]);
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
