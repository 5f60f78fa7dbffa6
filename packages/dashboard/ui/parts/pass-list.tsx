import { passLink } from '../route.js';
import { useSpeech } from '../words/words.js';
import { Dot } from './dot.js';
import { Name } from './name.js';
import { type Pass, passLevel, passText } from './pass-text.js';
import { Time } from './time.js';

/** Passes, the newest first; each leads to what it did row by row. */
export function PassList({ passes, nowMs }: { readonly passes: readonly Pass[]; readonly nowMs?: number }) {
  const speech = useSpeech();
  const { words, format } = speech;
  return (
    <table class="passes">
      <thead>
        <tr>
          <th scope="col">{words.history.began}</th>
          <th scope="col">{words.columns.strategy}</th>
          <th scope="col">{words.history.what}</th>
          <th scope="col" class="number">
            {words.history.took}
          </th>
          <th scope="col">{words.history.host}</th>
        </tr>
      </thead>
      <tbody>
        {passes.map((pass) => (
          <tr key={pass.id}>
            <td>
              {nowMs === undefined ? (
                <a href={passLink(pass.id)}>
                  <Time of={pass.startedAt} />
                </a>
              ) : (
                <a href={passLink(pass.id)} title={format.time(pass.startedAt)}>
                  {format.ago((nowMs - Date.parse(pass.startedAt)) / 1000)}
                </a>
              )}
            </td>
            <td class="name">
              <Name of={pass.strategy} />
            </td>
            <td class="did">
              <Dot level={passLevel(pass)} /> {passText(pass, speech)}
            </td>
            <td class="number">{format.length(pass.durationMs / 1000)}</td>
            <td class="host">{pass.host}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
