import { useEffect, useState } from 'preact/hooks';

/** What the database takes for now, in milliseconds: as it said at some time, and since then by this browser's clock. */
export function useClock(said: string, at: number): number {
  const [ms, setMs] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setMs(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return Date.parse(said) + Math.max(0, ms - at);
}
