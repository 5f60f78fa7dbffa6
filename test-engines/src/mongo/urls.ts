import { ConnectionString } from 'mongodb-connection-string-url';

/** The same servers and user with another database; the user is still looked up where it was. */
export function withDatabase(serverUrl: string, database: string): string {
  const url = new ConnectionString(serverUrl);
  if (url.username !== '' && !url.searchParams.has('authSource')) {
    url.searchParams.set('authSource', url.pathname.slice(1) || 'admin');
  }
  url.pathname = `/${database}`;
  return url.href;
}

/** A URL as it may be shown; nothing for what is no URL of MongoDB. */
export function withoutCredentials(url: string): string | undefined {
  try {
    return new ConnectionString(url).redact().href;
  } catch {
    return undefined;
  }
}
