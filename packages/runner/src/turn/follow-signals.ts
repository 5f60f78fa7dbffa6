/** A signal of its own for one turn, so that nothing of it stays behind on those that live as long as the runner. */
export interface FollowingSignal {
  readonly signal: AbortSignal;
  /** Lets go of the others. */
  readonly dispose: () => void;
}

/** Fires as soon as one of them does. */
export function followSignals(...signals: readonly (AbortSignal | undefined)[]): FollowingSignal {
  const own = new AbortController();
  const sources = signals.filter((signal) => signal !== undefined);
  const fire = () => own.abort(sources.find(({ aborted }) => aborted)?.reason);
  for (const source of sources) source.addEventListener('abort', fire, { once: true });
  if (sources.some(({ aborted }) => aborted)) fire();
  return {
    signal: own.signal,
    dispose: () => {
      for (const source of sources) source.removeEventListener('abort', fire);
    },
  };
}
