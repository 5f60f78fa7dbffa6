import type { ComponentChildren } from 'preact';
import type { PassAnswer, Sent } from '../../src/api/shapes.js';
import { useAnswer } from '../data/use-answer.js';
import { Dot } from '../parts/dot.js';
import { Answered } from '../parts/notice.js';
import { isByOperator, type Pass, passLevel, passText } from '../parts/pass-text.js';
import { Time } from '../parts/time.js';
import { useSpeech } from '../words/words.js';
import { Changes } from './changes.js';

const LOOK_MS = 60_000;

/** One pass: what it did, and how that is taken back. */
export function PassView({ id }: { readonly id: string }) {
  const { words } = useSpeech();
  const known = useAnswer<Sent<PassAnswer>>(`pass?id=${encodeURIComponent(id)}`, LOOK_MS);
  if (known.problem?.code === 'NOT_FOUND') return <p class="card faint">{words.pass.missing}</p>;
  return <Answered known={known}>{(answer) => <AnsweredPass {...answer} />}</Answered>;
}

function AnsweredPass({ pass, counts }: Sent<PassAnswer>) {
  const speech = useSpeech();
  const { words } = speech;
  return (
    <>
      <div class="heading page">
        <h1>
          <Dot level={passLevel(pass)} /> {(isByOperator(pass) ? words.pass.actTitle : words.pass.title)(pass.strategy)}
        </h1>
        <span class="faint">{passText(pass, speech)}</span>
      </div>
      <section class="card">
        <dl class="facts">
          {factsOf(pass, speech).map(([label, value]) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
        {pass.note !== null && <Said label={words.pass.note} text={pass.note} />}
        {pass.error !== null && (
          <Said label={words.pass.error} text={`${pass.error.code ?? ''} ${pass.error.message}`.trim()} isBad />
        )}
      </section>
      {pass.samples.length > 0 && (
        <section class="card" aria-labelledby="samples">
          <h2 id="samples">{words.pass.samples}</h2>
          <ul class="samples">
            {pass.samples.map(({ id, description }) => (
              <li key={id}>{description}</li>
            ))}
          </ul>
        </section>
      )}
      {pass.blocked.length > 0 && <RefusedRows rows={pass.blocked} />}
      {pass.stopReason !== 'restored' && pass.itemsCleaned > 0 && (
        <section class="card" aria-labelledby="changes">
          <h2 id="changes">{words.pass.changes}</h2>
          {counts === null ? (
            <p class="faint">{words.pass.notKept}</p>
          ) : (
            <Changes key={pass.id} id={pass.id} counts={counts} />
          )}
        </section>
      )}
    </>
  );
}

function factsOf(pass: Pass, { words, format }: ReturnType<typeof useSpeech>): [string, ComponentChildren][] {
  const { pass: of } = words;
  const counts: [string, number][] = [
    [of.looked, pass.itemsFound],
    [of.repaired, pass.itemsCleaned],
    [of.contended, pass.itemsContended],
    [of.passedOver, pass.itemsPassedOver],
    [of.refused, pass.itemsBlocked],
    [of.unknown, pass.itemsUnknown],
    [of.batches, pass.batches],
  ];
  const began = <Time of={pass.startedAt} />;
  const why = words.stopReasons[pass.stopReason] ?? pass.stopReason;
  if (isByOperator(pass)) {
    const isPutBack = pass.stopReason === 'undone' || pass.stopReason === 'restored';
    return [
      [of.began, began],
      [of.act, why],
      ...(isPutBack ? [[of.putBack, format.number(pass.itemsCleaned)] as [string, string]] : []),
      [of.by, pass.holder],
    ];
  }
  return [
    [of.began, began],
    [of.took, format.length(pass.durationMs / 1000)],
    [of.ended, why],
    ...counts.map(([label, count]): [string, string] => [label, format.number(count)]),
    [of.runner, pass.holder],
  ];
}

function Said({
  label,
  text,
  isBad = false,
}: {
  readonly label: string;
  readonly text: string;
  readonly isBad?: boolean;
}) {
  return (
    <p class={isBad ? 'bad-text' : undefined}>
      <strong>{label}</strong> <span class="said">{text}</span>
    </p>
  );
}

function RefusedRows({ rows }: { readonly rows: Pass['blocked'] }) {
  const { words } = useSpeech();
  return (
    <section class="card" aria-labelledby="refused">
      <h2 id="refused">{words.pass.refusedRows}</h2>
      <table class="rows">
        <thead>
          <tr>
            <th scope="col">{words.pass.id}</th>
            <th scope="col">{words.pass.why}</th>
            <th scope="col">{words.pass.constraint}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ id, message, constraint }) => (
            <tr key={id}>
              <th scope="row">
                <code>{id}</code>
              </th>
              <td>{message}</td>
              <td>{constraint !== undefined && <code>{constraint}</code>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
