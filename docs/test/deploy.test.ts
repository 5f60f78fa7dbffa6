import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { readPage } from './support/pages.js';

interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string };
}
interface Container {
  readonly args: readonly string[];
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
  readonly startupProbe: Probe;
  readonly livenessProbe: Probe;
  readonly readinessProbe: Probe;
  readonly volumeMounts: readonly { readonly mountPath: string; readonly subPath: string }[];
}
interface Config {
  readonly connection: { readonly url: string };
  readonly runner: { readonly graceSeconds: number };
  readonly http: { readonly host: string; readonly port: number };
}
type Document = Readonly<Record<string, unknown>> & {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels: object };
};

const documents = parseAllDocuments(readPage('docs/deploy/kubernetes.yaml')).map(
  (document) => document.toJS() as Document,
);
const dockerfile = readPage('docs/deploy/Dockerfile');
const unit = readPage('docs/deploy/jobsweep.service');
const DEFAULT_GRACE_SECONDS = 30;

function find<Shape>(kind: string): Document & Shape {
  const found = documents.find((document) => document.kind === kind);
  if (found === undefined) throw new Error(`There is no ${kind}`);
  return found as Document & Shape;
}

const { data } = find<{ data: Record<string, string> }>('ConfigMap');
const config = JSON.parse(data['jobsweep.config.json'] ?? '') as Config;
const { spec } = find<{
  spec: {
    replicas: number;
    selector: { matchLabels: object };
    template: {
      metadata: { labels: object; annotations: Record<string, string> };
      spec: { terminationGracePeriodSeconds: number; securityContext: object; containers: [Container] };
    };
  };
}>('Deployment');
const [container] = spec.template.spec.containers;

describe('the Kubernetes manifests', () => {
  test('are the four objects that the page names, which select the same pods', () => {
    expect(documents.map(({ apiVersion, kind }) => `${apiVersion} ${kind}`)).toEqual([
      'v1 ConfigMap',
      'v1 Secret',
      'apps/v1 Deployment',
      'policy/v1 PodDisruptionBudget',
    ]);
    const { labels } = spec.template.metadata;
    expect(spec.selector.matchLabels).toEqual(labels);
    expect(find<{ spec: object }>('PodDisruptionBudget').spec).toMatchObject({
      minAvailable: 1,
      selector: { matchLabels: labels },
    });
    for (const { metadata } of documents) expect(metadata).toMatchObject({ name: 'jobsweep', labels });
  });

  test('take the URL from the secret alone', () => {
    expect(config.connection.url).toBe(`$${'{PG_URL}'}`);
    expect(find<object>('Secret')).toMatchObject({ stringData: { PG_URL: expect.stringMatching(/^postgres:/) } });
    expect(container).toMatchObject({ envFrom: [{ secretRef: { name: 'jobsweep' } }] });
  });

  test('give the batch in hand the time that it may take', () => {
    expect(spec.template.spec.terminationGracePeriodSeconds).toBeGreaterThan(config.runner.graceSeconds);
  });

  test('probe the paths that are served, on the port of the config, which all pods can be reached on', () => {
    expect(config.http).toEqual({ host: '0.0.0.0', port: 9464 });
    expect(container.ports).toEqual([{ name: 'http', containerPort: config.http.port }]);
    expect(spec.template.metadata.annotations['prometheus.io/port']).toBe(String(config.http.port));
    for (const probe of [container.startupProbe, container.livenessProbe]) {
      expect(probe.httpGet).toEqual({ path: '/healthz', port: 'http' });
    }
    expect(container.readinessProbe.httpGet).toEqual({ path: '/readyz', port: 'http' });
  });

  test('run two pods that may do nothing but run', () => {
    expect(spec.replicas).toBe(2);
    expect(spec.template.spec).toMatchObject({
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true },
    });
    expect(container).toMatchObject({
      securityContext: {
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      },
    });
  });

  test('put the config where the image looks for it', () => {
    expect(/^WORKDIR (.+)$/m.exec(dockerfile)?.[1]).toBe('/app');
    expect(container.volumeMounts).toMatchObject([
      { mountPath: '/app/jobsweep.config.json', subPath: 'jobsweep.config.json' },
    ]);
  });
});

describe('the container file', () => {
  test('installs a runner, an adapter and its peers, and starts the command itself', () => {
    const installed = [...dockerfile.matchAll(/"?(@?[a-z/-]+)@(?:\$\{JOBSWEEP_VERSION\}"|\d)/g)].map(
      ([, name]) => name,
    );
    expect(installed).toEqual(['@jobsweep/runner', '@jobsweep/repo-knex', 'knex', 'pg']);
    const { bin } = JSON.parse(readPage('packages/runner/package.json')) as { bin: { jobsweep: string } };
    const command = ['node', `node_modules/@jobsweep/runner/${bin.jobsweep.replace('./', '')}`];
    expect(JSON.parse(/^ENTRYPOINT (.+)$/m.exec(dockerfile)?.[1] ?? '')).toEqual(command);
    expect(JSON.parse(/^CMD (.+)$/m.exec(dockerfile)?.[1] ?? '')).toEqual(container.args);
    expect(unit).toContain(`\nExecStart=/usr/bin/env ${command.join(' ')} ${container.args.join(' ')}\n`);
  });

  test('runs as a user of the image, not as root', () => {
    expect(dockerfile).toMatch(/^USER node$/m);
    expect(dockerfile.indexOf('USER node')).toBeLessThan(dockerfile.indexOf('ENTRYPOINT'));
  });
});

describe('the systemd unit', () => {
  test('gives the batch in hand the time that it may take, and does not repeat a mistake in the config', () => {
    expect(Number(/^TimeoutStopSec=(\d+)$/m.exec(unit)?.[1])).toBeGreaterThan(DEFAULT_GRACE_SECONDS);
    expect(unit).toMatch(/^RestartPreventExitStatus=2$/m);
  });
});

test('the files ask for, and allow, the memory that the page says it measured for', () => {
  const [, asked, allowed] = /the files ask for (\d+) MiB and allow (\d+)\./.exec(readPage('docs/deploy.md')) ?? [];
  expect(container).toMatchObject({
    resources: { requests: { memory: `${asked}Mi` }, limits: { memory: `${allowed}Mi` } },
  });
  expect(unit).toContain(`\nMemoryMax=${allowed}M\n`);
});
