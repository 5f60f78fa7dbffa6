import type { Verdict } from '../health.js';

/** The state of something as a sign, which is told in words beside it. */
export function Dot({ level }: { readonly level: Verdict['level'] }) {
  return <span class={`dot ${level}`} aria-hidden="true" />;
}
