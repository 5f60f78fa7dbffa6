import { useState } from 'preact/hooks';
import type { ChangesAnswer, PassAnswer, Sent } from '../../src/api/shapes.js';
import { useAnswer } from '../data/use-answer.js';
import { Command } from '../parts/command.js';
import { Answered } from '../parts/notice.js';
import { useSpeech } from '../words/words.js';

type Counts = NonNullable<PassAnswer['counts']>;
type Change = Sent<ChangesAnswer>['changes'][number];

const LOOK_MS = 60_000;

/** The rows that a pass changed, a page at a time. */
export function Changes({ id, counts }: { readonly id: string; readonly counts: Counts }) {
  const { words } = useSpeech();
  const [before, setBefore] = useState<readonly Change[]>([]);
  const after = before.at(-1)?.id;
  const query = new URLSearchParams({ id, ...(after !== undefined && { after }) });
  const page = useAnswer<Sent<ChangesAnswer>>(`changes?${query.toString()}`, LOOK_MS);
  return (
    <Answered known={page}>
      {({ changes, hasMore }) => (
        <>
          <ChangedRows rows={[...before, ...changes]} />
          {hasMore && (
            <button type="button" onClick={() => setBefore([...before, ...changes])}>
              {words.pass.more}
            </button>
          )}
          <TakeBack id={id} counts={counts} />
        </>
      )}
    </Answered>
  );
}

/** How it is taken back, where anything of it can be. */
function TakeBack({ id, counts: { rows, deleted, undone } }: { readonly id: string; readonly counts: Counts }) {
  const { words, format } = useSpeech();
  const changed = rows - deleted;
  return (
    <>
      {undone > 0 && (
        <p class="note-text">
          {undone < changed
            ? words.pass.someUndone(format.number(undone), format.number(changed))
            : words.pass.allUndone}
        </p>
      )}
      {undone > 0 && undone < changed && <Command text={`undo ${id} --dry-run`} />}
      {undone === 0 && changed > 0 && (
        <>
          <h3>{words.pass.undo}</h3>
          <Command text={`undo ${id}`} />
          <p class="faint small">{words.pass.undoHint}</p>
        </>
      )}
      {deleted > 0 && (
        <>
          <h3>{words.pass.restore}</h3>
          <Command text={`restore --pass ${id}`} />
          <p class="faint small">{words.pass.restoreHint}</p>
        </>
      )}
    </>
  );
}

function ChangedRows({ rows }: { readonly rows: readonly Change[] }) {
  const { words, format } = useSpeech();
  if (rows.length === 0) return <p class="faint">{words.pass.noChanges}</p>;
  return (
    <table class="changes rows">
      <thead>
        <tr>
          <th scope="col">{words.pass.table}</th>
          <th scope="col">{words.pass.key}</th>
          <th scope="col">{words.pass.change}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ id, table, rowId, before, after, undoneAt }) => (
          <tr key={id}>
            <td>{table}</td>
            <th scope="row">
              <code>{rowId}</code>
            </th>
            <td>
              {after === null ? <del>{words.pass.deleted}</del> : <Columns before={before ?? {}} after={after} />}
              {undoneAt !== null && <span class="note-text small"> {words.pass.undone(format.time(undoneAt))}</span>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Columns({
  before,
  after,
}: {
  readonly before: NonNullable<Change['before']>;
  readonly after: NonNullable<Change['after']>;
}) {
  const changed = Object.keys({ ...before, ...after }).filter((name) => before[name] !== after[name]);
  return (
    <ul class="columns">
      {changed.map((name) => (
        <li key={name}>
          <code>{name}</code> <Value of={before[name]} is="del" /> → <Value of={after[name]} is="ins" />
        </li>
      ))}
    </ul>
  );
}

/** Of NULL only the word, which no text looks like. */
function Value({ of, is: Tag }: { readonly of: string | null | undefined; readonly is: 'del' | 'ins' }) {
  return <Tag>{of === null || of === undefined ? <em>NULL</em> : of}</Tag>;
}
