import { EngineError } from './errors.js';

/** A URL from the environment as it may be shown. Throws `ENGINE_UNREACHABLE` for what is no such URL. */
export function hidePassword(
  url: string,
  { variable, protocol, example, fix }: { variable: string; protocol: RegExp; example: string; fix: string },
): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (!parsed || !protocol.test(parsed.protocol)) {
    throw new EngineError('ENGINE_UNREACHABLE', `${variable} is not a URL such as ${example}: ${fix}`);
  }
  if (parsed.password !== '') parsed.password = '***';
  if (parsed.searchParams.has('password')) parsed.searchParams.set('password', '***');
  return parsed.href;
}
