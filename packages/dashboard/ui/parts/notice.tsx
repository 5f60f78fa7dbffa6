import type { ComponentChildren } from 'preact';
import type { Known } from '../data/use-answer.js';
import { useSpeech } from '../words/words.js';
import { Command } from './command.js';

/** A word about the whole page. */
export function Notice({ level, children }: { readonly level: 'bad' | 'note'; readonly children: ComponentChildren }) {
  return (
    <div class={`notice ${level}`} role={level === 'bad' ? 'alert' : 'status'}>
      {children}
    </div>
  );
}

/** The problem of whatever is kept in jobsweep's own tables, where those are not there. */
export const NO_TABLES = 'NOT_INITIALIZED';

/** That jobsweep's own tables are not there, and what makes them. */
export function NoTables() {
  const { words } = useSpeech();
  return (
    <Notice level="note">
      <span>{words.notInitialized}</span>
      <div>
        <Command text="init --apply" />
      </div>
    </Notice>
  );
}

/** A view of an answer; before there is one, and where there is no newer one, says so. */
export function Answered<Answer>({
  known,
  children,
}: {
  readonly known: Known<Answer>;
  readonly children: (answer: Answer) => ComponentChildren;
}) {
  const { words, format } = useSpeech();
  const { answer, problem, at } = known;
  if (problem?.code === NO_TABLES) return <NoTables />;
  return (
    <>
      {problem !== undefined && (
        <Notice level="bad">
          <strong>{problem.code === 'UNREACHABLE' ? words.unreachable : problem.message}</strong>
          {problem.code !== 'UNREACHABLE' && <code>{problem.code}</code>}
          {answer !== undefined && <span>{words.stale(format.time(new Date(at).toISOString()))}</span>}
        </Notice>
      )}
      {answer !== undefined && children(answer)}
      {answer === undefined && problem === undefined && (
        <p class="loading" role="status">
          {words.loading}
        </p>
      )}
    </>
  );
}
