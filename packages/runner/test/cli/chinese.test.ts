import { presets } from '@jobsweep/core';
import { describe, expect, test } from 'vitest';
import { en } from '../../src/words/en/index.js';
import { zhCN } from '../../src/words/zh-cn/index.js';
import { aFolder, jobsweep } from './support/command.js';
import { inMemory } from './support/configs.js';

/** Something for every check of the doctor to find. */
const DIAGNOSIS = `{
  unknownStates: async () => [{ table: 'jobs', value: 'HELD', rows: 3 }],
  indexes: async () => [
    { name: 'jobs_stuck', table: 'jobs', columns: ['start_time', 'id'], strategies: ['stuck_job_cleanup'], statement: 'CREATE INDEX a ON jobs (id)', servedBy: null },
    { name: 'seen_old', table: 'seen', columns: ['end_time'], strategies: ['old_job_cleanup'], statement: '', servedBy: null, isView: true },
  ],
  references: async () => ['blocks', 'cascades', 'sets'].map((onDelete) => (
    { table: 'logs', columns: ['job_id'], constraint: 'logs_fkey', onDelete, isIndexed: false, mappedAs: null })),
  orphans: async () => 7,
  missingPrivileges: async () => [{ privilege: 'UPDATE', on: 'jobs', strategies: ['stuck_job_cleanup'] }],
  cost: async () => ({ durationMs: 12, rowsExamined: 4000, plan: 'Seq Scan' }),
}`;
const SERVER = `async () => ({ product: 'PostgreSQL', version: '18', timeZone: 'UTC', now: new Date(Date.now() - 60_000) })`;
const MISFIT = `async () => [{ path: 'schema.jobs.table', problem: 'none', fix: 'none', mistake: { kind: 'missing', what: 'table', name: 'job', existing: ['jobs'] } }]`;
const REFUSED = `Promise.reject(new JobsweepError('ROW_REJECTED', '-', { constraint: 'node_lock' }))`;

const wrapped = (
  inspect: string,
) => `(await store.claims.acquire({ strategy: 'stuck_job_cleanup', holder: 'host-1:7', termSeconds: 60 }), {
  ...store, capabilities: { ...store.capabilities, transactions: false },
  repository: Object.assign(Object.create(store.repository), { cleanupStaleReservations: () => ${REFUSED} }),
  inspect: { ...store.inspect, server: ${SERVER}, diagnosis: ${DIAGNOSIS}, ${inspect} } })`;

const chinese = ({ inspect = '', initialized = true, strategies = '' } = {}) =>
  aFolder({
    'jobsweep.config.mjs': `import { JobsweepError } from '@jobsweep/core';\n${inMemory({
      old: 30,
      initialized,
      wrap: initialized ? wrapped(inspect) : 'store',
      more: `locale: 'zh-CN', strategies: { ${strategies} },`,
    })}`,
  });

/** Three words of English in a row. What is code stays: statements, commands, names, statuses, URLs. */
const SENTENCE = /(?<![\w`./-])[A-Za-z]{2,}(?:,? [a-z]{2,}){2,}/;
/** A colon of English between words of Chinese. */
const BY_COLON = /[\p{Script=Han}）”]: |^\S+: (?=\p{Script=Han})/mu;
const withoutCode = (text: string) =>
  text.replaceAll(/`[^`]*`/g, '').replaceAll(/^.*\b(CREATE|ALTER|npm install)\b.*$/gm, '');

describe('In Chinese', () => {
  test('every text has its counterpart, of the same kind', () => {
    const kinds = (value: object): object =>
      Object.fromEntries(
        Object.entries(value)
          .map(([key, one]: [string, unknown]): [string, unknown] => [
            key,
            typeof one === 'object' && one !== null ? kinds(one) : typeof one,
          ])
          .sort(),
      );
    // In English they are in the messages themselves.
    const withoutAdvice = ({ failures, help, ...words }: typeof en) => ({
      ...words,
      failures: { ...failures, advice: null },
      help: { ...help, refusals: null },
    });
    expect(kinds(withoutAdvice(zhCN))).toEqual(kinds(withoutAdvice(en)));
    expect([zhCN.failures.advice, zhCN.help.refusals]).not.toContain(null);
    expect(kinds(presets['zh-CN'])).toEqual(kinds(presets.en));
  });

  test.each([
    ['list', ['list'], {}, '当前执行者'],
    ['list without own tables', ['list'], { initialized: false }, '无法得知'],
    ['plan', ['plan'], {}, '卡住的作业 3（crawl）'],
    ['run', ['run'], {}, '被 node_lock 拒绝'],
    ['a breaker', ['run', 'old_job_cleanup'], {}, '31 个已结束的作业中有 30 个待处理，上限为 50%'],
    ['a dry run', ['run', '--dry-run'], {}, '试运行'],
    ['run without own tables', ['run', 'stuck_job_cleanup'], { initialized: false }, '没有认领轮次'],
    ['history', ['history'], {}, '还没有任何一次执行'],
    ['history without own tables', ['history'], { initialized: false }, 'NOT_INITIALIZED：没有历史可看'],
    ['doctor', ['doctor', '--measure'], {}, '当前用户缺少 UPDATE 权限'],
    ['doctor of a mapping that does not fit', ['doctor'], { inspect: `schema: ${MISFIT}` }, '是不是想写 jobs？'],
    ['plan of a mapping that does not fit', ['plan'], { inspect: `schema: ${MISFIT}` }, '映射与实际的表不符'],
    ['init', ['init'], {}, '已存在，未作改动'],
    ['init --apply', ['init', '--apply'], { initialized: false }, '已创建'],
    ['a wrong name', ['run', 'stuck_jobs_cleanup'], {}, '是不是想写 stuck_job_cleanup？'],
    [
      'a mistake in the config',
      ['list'],
      { strategies: 'stuck_job_cleanup: { maxAgeHour: 3, cron: 7 }' },
      '不是已知的选项',
    ],
  ])('%s has no English sentence', async (_what, args, options, expected) => {
    const { stdout, stderr } = await jobsweep(chinese(options), args);
    const text = stdout + stderr;
    expect(text).toContain(expected);
    expect(withoutCode(text)).not.toMatch(SENTENCE);
    expect(text).not.toMatch(BY_COLON);
  });

  test.each(['init', 'doctor', 'list', 'plan', 'run', 'start', 'history'])(
    'the help of %s is in the language of the environment',
    async (name) => {
      const { stdout } = await jobsweep(aFolder(), [name, '--help'], { LANG: 'zh_CN.UTF-8' });
      expect(stdout).toMatch(new RegExp(`^用法： jobsweep ${name} `));
      expect(stdout).toMatch(/^选项：$/m);
      expect(withoutCode(stdout)).not.toMatch(SENTENCE);
    },
  );

  test('so is that of the command, unless another one is set for messages', async () => {
    const [chinese, english] = [
      await jobsweep(aFolder(), ['--help'], { LC_ALL: 'zh_CN' }),
      await jobsweep(aFolder(), ['--help'], { LC_MESSAGES: 'en_US.UTF-8', LANG: 'zh_CN.UTF-8' }),
    ];
    expect(chinese.stdout).toMatch(/^命令：$/m);
    expect(withoutCode(chinese.stdout)).not.toMatch(SENTENCE);
    expect(english.stdout).toMatch(/^Commands:$/m);
  });

  test('a config says in which language it is answered, whatever the environment', async () => {
    const { stdout } = await jobsweep(aFolder({ 'jobsweep.config.mjs': inMemory() }), ['list'], {
      LANG: 'zh_CN.UTF-8',
    });
    expect(stdout).toMatch(/^STRATEGY /);
  });

  test.each([
    [['lst'], '错误：没有这个命令。原文：unknown command'],
    [['plan', '--sample', '3'], '错误：没有这个选项。原文：unknown option'],
    [['plan', '--config'], '错误：选项缺少参数。原文：'],
    [['list', 'all'], '错误：参数太多。原文：'],
    [['init', '--database', 'oracle'], '错误：选项的值不可用。原文：'],
    [['plan', '--samples', 'many'], '错误：--samples 的值是“many”：应为 0 到 100 的整数'],
  ])('the command line refuses %j', async (args, expected) => {
    const { status, stderr } = await jobsweep(aFolder(), args, { LANG: 'zh_CN.UTF-8' });
    expect(status).toBe(2);
    expect(stderr).toContain(expected);
  });

  test('init asks for a language before there is a config, and writes it', async () => {
    const folder = aFolder();
    const { stdout } = await jobsweep(folder, ['init', '--yes', '--locale', 'zh-CN', '--format', 'json']);
    expect(stdout).toContain('已写入 jobsweep.config.json。');
    const again = await jobsweep(folder, ['list']);
    expect(again.stderr).toContain('需要环境变量 PG_URL');
  });

  test('log texts of strategies are those of every language', async () => {
    const { stderr } = await jobsweep(chinese(), ['run', 'completed_job_cleanup', '--verbose']);
    expect(stderr).toContain('info  [completed_job_cleanup] Released resources for 1 completed jobs');
  });
});
