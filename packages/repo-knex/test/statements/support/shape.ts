/**
 * A statement in short: what it does to which table, what it fetches, and what it writes. `lock jobs: id, state` is a SELECT
 * that locks; `in 3 branches` says that a page is put together from so many.
 */
export function shapeOf(sql: string): string {
  const text = sql.replaceAll(/["`;]/g, '').replaceAll(/\s+/g, ' ').trim();
  if (text.startsWith('update')) {
    const [, table = '', set = '', columns = ''] =
      /^update (\w+).*? set (.*?) where .*?(?: returning (.*))?$/.exec(text) ?? [];
    return `update ${table} set ${names(set, /(\w+) = /g)}${columns === '' ? '' : `: ${aliases(columns)}`}`;
  }
  if (text.startsWith('delete')) return `delete ${/^delete from (\w+)/.exec(text)?.[1] ?? '?'}`;
  const from = topLevel(text, ' from ');
  if (!text.startsWith('select') || from === -1) return text.toLowerCase().replaceAll(/\?|\$\d+/g, '?');
  const verb = text.endsWith('for update skip locked') ? 'lock' : 'select';
  const tables = [...text.slice(from).matchAll(/(?:from|join) (\w+) as/g)].map(([, table]) => table);
  const branches = text.split(' union all ').length;
  const how = branches === 1 ? '' : ` in ${branches} branches`;
  const [, lookedUp = ''] = text.split('lateral (select ');
  const columns = [text.slice(0, from), lookedUp.slice(0, topLevel(lookedUp, ' from '))].map(aliases).filter(Boolean);
  return `${verb} ${[...new Set(tables)].join(', ')}: ${columns.join(', ')}${how}`;
}

/** What a list of expressions is called. */
const aliases = (list: string): string => names(list, / as (\w+)(?=,|$)/g);

const names = (text: string, pattern: RegExp): string => [...text.matchAll(pattern)].map(([, name]) => name).join(', ');

/** Where a word stands outside of all brackets; -1: nowhere. */
function topLevel(text: string, word: string): number {
  let depth = 0;
  for (let place = 0; place < text.length; place += 1) {
    if (text[place] === '(') depth += 1;
    if (text[place] === ')') depth -= 1;
    if (depth === 0 && text.startsWith(word, place)) return place;
  }
  return -1;
}
