import { useEffect } from 'preact/hooks';
import type { NowAnswer, Sent } from '../src/api/shapes.js';
import { healthOf } from './health.js';
import type { Route } from './route.js';
import type { Speech } from './words/words.js';

/** Of the tab: the view, the config, and how many strategies need a look. */
export function useTitle({ view }: Route, now: Sent<NowAnswer> | undefined, { words }: Speech): void {
  const name = view === 'pass' ? words.pass.short : words.views[view];
  const title = now === undefined ? `${name} · jobsweep` : words.title(name, now.config);
  const { troubled } = healthOf(now?.strategies ?? [], now?.passes ?? [], Date.parse(now?.now ?? ''));
  const marked = troubled.length > 0 ? words.troubled(troubled.length, title) : title;
  useEffect(() => {
    document.title = marked;
  }, [marked]);
}
