import { visible } from '@jobsweep/core';
import type { Problem } from '../api/problem.js';

/** What every answer has: nothing from elsewhere is loaded, no other page shows it in a frame, and no browser guesses types. */
const HEADERS = {
  'Content-Security-Policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    "img-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'Cache-Control': 'no-store',
};

export function respond(
  body: string | Uint8Array<ArrayBuffer> | null,
  status: number,
  headers: Readonly<Record<string, string>>,
): Response {
  // Of HEAD as well, whose answer has the length and not the body.
  const length = String(Buffer.byteLength(body ?? ''));
  return new Response(body, { status, headers: { ...HEADERS, 'Content-Length': length, ...headers } });
}

/** A value as JSON in which nothing is hidden: texts of strangers are in it. */
export function json(value: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Response {
  const body = JSON.stringify(value, (_key, item: unknown) => (typeof item === 'string' ? shown(item) : item));
  return respond(body, status, { 'Content-Type': 'application/json; charset=utf-8', ...headers });
}

/** Statements have lines. */
const shown = (text: string): string => text.split('\n').map(visible).join('\n');

export const problem = (status: number, error: Problem, headers: Readonly<Record<string, string>> = {}): Response =>
  json({ error }, status, headers);

export const unauthorized = (asksForToken: boolean): Response =>
  problem(
    401,
    { code: 'UNAUTHORIZED', message: asksForToken ? 'A token is needed.' : 'You may not see this.' },
    {
      ...(asksForToken && { 'WWW-Authenticate': 'Bearer' }),
    },
  );

export const refused = (): Response =>
  problem(421, { code: 'UNKNOWN_HOST', message: 'This is not a name of the page. http.hosts lists those that are.' });

export const notAllowed = (): Response =>
  problem(405, { code: 'NOT_ALLOWED', message: 'Only GET and HEAD: nothing is changed here.' }, { Allow: 'GET, HEAD' });

export const notFound = (): Response => problem(404, { code: 'NOT_FOUND', message: 'There is nothing here.' });

export const failed = (): Response =>
  problem(500, { code: 'INTERNAL', message: 'This could not be answered; the log says why.' });

export const toFolder = (base: string): Response => respond(null, 308, { Location: base });
