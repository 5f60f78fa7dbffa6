import { useEffect, useState } from 'preact/hooks';

/** What is looked at: the part of the address behind `#`, so that every view can be reloaded and linked to. */
export type Route =
  | { readonly view: 'now' | 'plan' | 'doctor' }
  | { readonly view: 'history'; readonly range: string; readonly strategy: string }
  | { readonly view: 'pass'; readonly id: string };

export const historyLink = (range: string, strategy = ''): string =>
  `#/history?${new URLSearchParams({ range, ...(strategy !== '' && { strategy }) }).toString()}`;

export const passLink = (id: string): string => `#/pass/${encodeURIComponent(id)}`;

/** The view of an address; the first one where there is no such view. */
export function routeOf(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?');
  const [view, id] = path.split('/');
  if (view === 'plan' || view === 'doctor') return { view };
  if (view === 'pass' && id !== undefined) return { view, id: decoded(id) };
  if (view !== 'history') return { view: 'now' };
  const asked = new URLSearchParams(query);
  return { view, range: asked.get('range') ?? 'day', strategy: asked.get('strategy') ?? '' };
}

export function useRoute(): Route {
  const [route, setRoute] = useState(() => routeOf(location.hash));
  useEffect(() => {
    const follow = () => setRoute(routeOf(location.hash));
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  return route;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
