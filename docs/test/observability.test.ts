import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { withDatabasesFor } from './support/database.js';
import { type Labels, metricsOf, typesOf } from './support/exposition.js';
import { readPage } from './support/pages.js';
import { Query } from './support/promql.js';
import { scrapeRunner } from './support/scraped-runner.js';

const PAGE = 'docs/observability.md';

/** Prometheus gives these to every metric that it scrapes. */
const OF_THE_SCRAPE = ['job', 'instance'];

/** The variable that the reader sets. */
const DATA_SOURCE = '$' + '{datasource}';

interface Target {
  readonly expr: string;
  readonly legendFormat: string;
  readonly datasource: { readonly uid: string };
}
interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly Target[];
}
interface Dashboard {
  readonly schemaVersion: number;
  readonly uid: string;
  readonly panels: readonly Panel[];
  readonly templating: {
    readonly list: readonly { readonly name: string; readonly type: string; readonly query: unknown }[];
  };
}
interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly description: string };
}

const dashboard = JSON.parse(readPage('docs/observability/dashboard.json')) as Dashboard;
const panels = dashboard.panels.filter(({ type }) => type !== 'row');
const { groups } = parse(readPage('docs/observability/alerts.yaml')) as { groups: { name: string; rules: Rule[] }[] };
const rules = groups.flatMap((group) => group.rules);
const targets = panels.flatMap(({ title, targets = [] }) => targets.map((target) => ({ title, ...target })));

let exposition: string;
let metrics: ReadonlyMap<string, Labels>;
beforeAll(async () => {
  exposition = await withDatabasesFor(PAGE, ({ PG_URL }) => scrapeRunner(PG_URL));
  metrics = metricsOf(exposition);
});

describe('the alert rules', () => {
  test.for(rules)('$alert asks for what a runner has', ({ expr }) => {
    expect(strangersIn(expr)).toEqual([]);
  });

  test.for(rules)('$alert has a severity, and says what it is about with labels that it has', ({ expr, ...rule }) => {
    expect(rule).toEqual({
      alert: expect.stringMatching(/^Jobsweep[A-Z]\w+$/),
      ...(rule.for !== undefined && { for: expect.stringMatching(/^\d+m$/) }),
      labels: { severity: expect.stringMatching(/^(critical|warning|info)$/) },
      annotations: { summary: expect.stringMatching(/^\S.{9,}$/), description: expect.stringMatching(/^\S.{29,}$/) },
    });
    const named = [...JSON.stringify(rule.annotations).matchAll(/\$labels\.(\w+)/g)].map(([, label]) => label);
    expect(resultLabels(expr)).toEqual(expect.arrayContaining(named));
  });

  test('are the ones that the page lists', () => {
    const listed = [...readPage(PAGE).matchAll(/^\| `(Jobsweep\w+)` +\| (\w+) /gm)].map(
      ([, alert, severity]) => `${alert} ${severity}`,
    );
    expect(rules.map(({ alert, labels }) => `${alert} ${labels.severity}`).sort()).toEqual(listed.sort());
  });
});

describe('the dashboard', () => {
  test.for(targets)('asks for what a runner has: $title, $legendFormat', ({ expr, legendFormat }) => {
    expect(strangersIn(expr)).toEqual([]);
    const named = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label]) => label);
    expect(resultLabels(expr)).toEqual(expect.arrayContaining(named));
  });

  test('has the shape that Grafana imports', () => {
    expect(dashboard).toMatchObject({ schemaVersion: 39, uid: 'jobsweep', title: 'jobsweep' });
    expect(dashboard.templating.list[0]).toMatchObject({ name: 'datasource', type: 'datasource', query: 'prometheus' });
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
    for (const panel of panels) {
      expect(panel).toMatchObject({ title: expect.stringMatching(/./), description: expect.stringMatching(/\.$/) });
      expect(panel.targets?.map(({ datasource }) => datasource.uid)).toContain(DATA_SOURCE);
    }
  });

  test('has no panel over another one or beyond the right edge', () => {
    const cells = dashboard.panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, cell) => ({ x: x + (cell % w), y: y + Math.floor(cell / w) })),
    );
    expect(cells.filter(({ x }) => x > 23)).toEqual([]);
    expect(new Set(cells.map(({ x, y }) => `${x} ${y}`)).size).toBe(cells.length);
  });

  test('lets its reader choose among what a runner has', () => {
    const queries = dashboard.templating.list.flatMap(({ type, query }) =>
      type === 'query' ? [(query as { query: string }).query] : [],
    );
    const asked = queries.map((query) => /^label_values\((\w+), (\w+)\)$/.exec(query)?.slice(1));
    expect(asked).toHaveLength(2);
    for (const [metric = '', label = ''] of asked.map((found) => found ?? [])) {
      expect(labelsOf(metric)).toContain(label);
    }
  });

  test('uses every metric that a strategy or runner has, but for those that are listed here', () => {
    const used = [...targets.map(({ expr }) => expr), ...rules.map(({ expr }) => expr)]
      .flatMap((expr) => new Query(expr).selectors)
      .map(({ metric }) => metric.replace(/_bucket$/, ''));
    const unused = [...typesOf(exposition).keys()].filter((name) => !used.includes(name));
    expect(unused).toEqual(['jobsweep_batches_total', 'jobsweep_population_rows', 'jobsweep_undated_rows']);
  });
});

describe('the page', () => {
  test('lists the metrics with their labels, as they are', () => {
    const listed = [...readPage(PAGE).matchAll(/^\| `(jobsweep_\w+)` +\| (.*?) +\|/gm)].map(
      ([, name = '', labels = '']) =>
        [name, labels.trim() === '' ? [] : labels.replaceAll('`', '').split(', ')] as const,
    );
    const real = [...typesOf(exposition)].map(([name, type]) => {
      const sample = type === 'histogram' ? `${name}_count` : name;
      return [name, [...(metrics.get(sample)?.keys() ?? [])]] as const;
    });
    expect(Object.fromEntries(listed)).toEqual(Object.fromEntries(real));
  });
});

function labelsOf(metric: string): string[] {
  return [...OF_THE_SCRAPE, ...(metrics.get(metric)?.keys() ?? [])];
}

/** What an expression names that a runner does not have: metrics, labels, and values of labels. */
function strangersIn(expr: string): string[] {
  const { selectors, groupings } = new Query(expr);
  const inSelectors = selectors.flatMap(({ metric, matchers }) => {
    const labels = metrics.get(metric);
    if (labels === undefined) return [metric];
    return matchers
      .filter(({ label }) => !OF_THE_SCRAPE.includes(label))
      .flatMap(({ label, value }) => {
        const values = labels.get(label);
        if (values === undefined) return [`${metric}{${label}}`];
        const wanted = value.startsWith('$') ? [] : value.split('|');
        return wanted.filter((one) => !values.has(one)).map((one) => `${metric}{${label}="${one}"}`);
      });
  });
  const inGroupings = groupings.flatMap(({ labels, metrics: within }) =>
    labels.filter((label) => !within.some((metric) => labelsOf(metric).includes(label))),
  );
  return [...inSelectors, ...inGroupings];
}

function resultLabels(expr: string): string[] {
  const query = new Query(expr);
  return [...(query.resultLabels ?? query.selectors.flatMap(({ metric }) => labelsOf(metric)))];
}
