import type { DoctorAnswer, Sent } from '../../src/api/shapes.js';
import { useAnswer } from '../data/use-answer.js';
import { Code } from '../parts/code.js';
import { Dot } from '../parts/dot.js';
import { Answered } from '../parts/notice.js';
import { Told } from '../parts/told.js';
import { useClock } from '../parts/use-clock.js';
import { useSpeech } from '../words/words.js';

const LOOK_MS = 60_000;
const LEVELS = { error: 'bad', warning: 'warn', info: 'note' } as const;
const CHECK_LEVELS = { fine: 'good', findings: 'warn', skipped: 'off', failed: 'bad' } as const;

type Diagnosis = Sent<DoctorAnswer>;
type Finding = Diagnosis['findings'][number];

/** What keeps the strategies from working well, and what to do about it. */
export function DoctorView() {
  const { words } = useSpeech();
  const known = useAnswer<Diagnosis>('doctor', LOOK_MS);
  return (
    <>
      <h1>{words.views.doctor}</h1>
      <Answered known={known}>{(answer) => <Diagnosed diagnosis={answer} />}</Answered>
    </>
  );
}

function Diagnosed({ diagnosis: { findings, checks, diagnosedAt } }: { readonly diagnosis: Diagnosis }) {
  const { words, format } = useSpeech();
  const ms = useClock(diagnosedAt, Date.parse(diagnosedAt));
  const looked = words.doctor.looked(format.ago((ms - Date.parse(diagnosedAt)) / 1000));
  return (
    <>
      <p class="faint">
        {findings.length === 0 ? words.doctor.fine : words.doctor.found(findings.length)} · {looked}
      </p>
      {(['error', 'warning', 'info'] as const).map((severity) => {
        const some = findings.filter((finding) => finding.severity === severity);
        return (
          some.length > 0 && (
            <section key={severity} class="card" aria-labelledby={severity}>
              <h2 id={severity}>{words.doctor.severities[severity]}</h2>
              {some.map((finding) => (
                <Found key={`${finding.check} ${finding.subject} ${finding.problem}`} finding={finding} />
              ))}
            </section>
          )
        );
      })}
      <section class="card" aria-labelledby="checks">
        <h2 id="checks">{words.doctor.checks}</h2>
        <ul class="checks">
          {checks.map(({ name, status, summary }) => (
            <li key={name}>
              <Dot level={CHECK_LEVELS[status]} />
              <strong>{words.doctor.names[name] ?? name}</strong>
              <span class="faint">
                {words.doctor.statuses[status]} · {summary}
              </span>
            </li>
          ))}
        </ul>
      </section>
    </>
  );
}

function Found({ finding: { severity, subject, problem, fix, statement } }: { readonly finding: Finding }) {
  const { words } = useSpeech();
  return (
    <article class="finding">
      <h3>
        <Dot level={LEVELS[severity]} /> <code>{subject}</code>
      </h3>
      <p>
        <Told text={problem} />
      </p>
      <p>
        <strong>{words.doctor.fix}</strong> <Told text={fix} />
      </p>
      {statement !== undefined && <Code text={statement} />}
    </article>
  );
}
