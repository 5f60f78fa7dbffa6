import type { Health } from '../health.js';
import { useSpeech } from '../words/words.js';

/** Whether the cluster is well, in a sentence. */
export function Summary({ health }: { readonly health: Health }) {
  const { words } = useSpeech();
  const { level, why, troubled, keepUp, paused, observing, working } = health;
  const said = [
    ...(keepUp > 0 && why === 'good' ? [words.health.keepUp(keepUp)] : []),
    ...(paused > 0 ? [words.health.paused(paused)] : []),
    ...(observing > 0 ? [words.health.observing(observing)] : []),
    ...(working > 0 ? [words.health.working(working)] : []),
  ];
  return (
    <div class={`summary ${level}`}>
      <Sign level={level} />
      <div>
        <h1>{words.health.titles[why](troubled.length)}</h1>
        {troubled.length > 0 && (
          <p>{words.list(troubled.map((one) => words.labelled(one.name, words.verdicts[one.why])))}</p>
        )}
        <p>{words.sentences(said)}</p>
      </div>
    </div>
  );
}

function Sign({ level }: { readonly level: string }) {
  const path =
    level === 'good' ? 'M7 12.5l3.4 3.4L17 8.6' : level === 'note' ? 'M12 8v.1M12 11v5' : 'M12 7v6M12 16.4v.1';
  return (
    <svg class="sign" viewBox="0 0 24 24" width="34" height="34" aria-hidden="true">
      <circle cx="12" cy="12" r="11" />
      <path d={path} fill="none" stroke-width="2.2" stroke-linecap="round" stroke-linejoin="round" />
    </svg>
  );
}
