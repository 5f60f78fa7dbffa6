import { useSpeech } from '../words/words.js';

/** A time in UTC, as everything else of jobsweep tells it; of whoever points at it, in their own zone. */
export function Time({ of }: { readonly of: string }) {
  const { format } = useSpeech();
  return (
    <time dateTime={of} title={format.localTime(of)}>
      {format.time(of)}
    </time>
  );
}
