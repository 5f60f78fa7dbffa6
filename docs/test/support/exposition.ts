/** What a metric has: the values of each of its labels. */
export type Labels = ReadonlyMap<string, ReadonlySet<string>>;

const SAMPLE = /^([a-z_:][\w:]*)(?:\{(.*)\})? \S+$/i;

/** Reads the text that Prometheus reads: the labels and their values of every metric that has a sample. */
export function metricsOf(exposition: string): ReadonlyMap<string, Labels> {
  const metrics = new Map<string, Map<string, Set<string>>>();
  for (const line of exposition.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const [, name, pairs = ''] = SAMPLE.exec(line) ?? [];
    if (name === undefined) throw new Error(`Not a sample: ${line}`);
    const labels = metrics.get(name) ?? new Map<string, Set<string>>();
    metrics.set(name, labels);
    for (const [, label = '', value = ''] of pairs.matchAll(/(\w+)="((?:\\.|[^"\\])*)"/g)) {
      labels.set(label, (labels.get(label) ?? new Set()).add(value));
    }
  }
  return metrics;
}

/** The names after `# TYPE`, with what they are. */
export function typesOf(exposition: string): ReadonlyMap<string, string> {
  return new Map([...exposition.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = '', type = '']) => [name, type]));
}
